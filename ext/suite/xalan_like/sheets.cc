// SPDX-License-Identifier: BSD-3-Clause
// The stylesheets: HTML report, text listing, restructured XML, cross-reference index and statistics.
#include "inputs.hh"

namespace xalan {

#define SHEET "<xsl:stylesheet xmlns:xsl='http://www.w3.org/1999/XSL/Transform' version='1.0' " \
    "xmlns:c='urn:catalog' xmlns:m='urn:meta' xmlns:xlink='urn:link'>"

const char* const kStylesheets[] = {
SHEET R"xsl(
<xsl:output method='html' encoding='ISO-8859-1'/>
<xsl:template match='/'>
  <html><head><title>Catalogue <xsl:value-of select='c:catalog/@edition'/></title>
  <meta name='items' content='{count(//c:item)}'/><style>td { a > b }</style></head>
  <body><h1><xsl:value-of select="concat('Items: ', count(//c:item), ', stock ', sum(//c:item/@stock))"/>
    </h1><hr/>
  <xsl:apply-templates select='c:catalog/c:section'/></body></html>
</xsl:template>
<xsl:template match='c:section'>
  <xsl:param name='depth' select='1'/>
  <xsl:element name='{concat("h", $depth + 1)}'><xsl:number level='multiple' format='1.a.i '/>
    <xsl:value-of select='@title'/></xsl:element>
  <table border='1'><xsl:apply-templates select='c:item'>
    <xsl:sort select='c:price' data-type='number' order='descending'/></xsl:apply-templates></table>
  <xsl:if test='c:section'><xsl:apply-templates select='c:section'>
    <xsl:with-param name='depth' select='$depth + 1'/></xsl:apply-templates></xsl:if>
</xsl:template>
<xsl:template match='c:item[@stock = 0]' priority='2'><tr class='empty'><td><xsl:value-of
    select='c:title'/></td></tr>
</xsl:template>
<xsl:template match='c:item'>
  <tr class='{@currency}-{position() mod 2}'><xsl:attribute name='id'><xsl:value-of
    select='@id'/></xsl:attribute>
  <td><xsl:number value='position()' format='01'/></td><td><xsl:value-of
    select='normalize-space(c:title)'/></td>
  <td><xsl:value-of select="format-number(c:price, '#,##0.00')"/></td>
  <td><xsl:apply-templates select='c:text'/></td>
  <td><xsl:for-each select='m:tag'><xsl:sort/><xsl:value-of select='.'/><xsl:if
    test='position() != last()'>, </xsl:if>
  </xsl:for-each></td></tr>
</xsl:template>
<xsl:template match='c:em'><b><xsl:apply-templates/></b></xsl:template>
<xsl:template match='c:em//c:em'><i><xsl:apply-templates/></i></xsl:template>
<xsl:template match='m:note[@level > 1]'><br/><font color='red'><xsl:apply-templates/></font></xsl:template>
<xsl:template match='comment()'><xsl:comment>kept: <xsl:value-of select='.'/></xsl:comment></xsl:template>
<xsl:template match='processing-instruction("render")'><img src='{name()}.png' alt='{.}'/></xsl:template>
<xsl:template match='text()'><xsl:value-of select="translate(., 'abc', 'ABC')"/></xsl:template>
</xsl:stylesheet>)xsl",
SHEET R"xsl(
<xsl:output method='text' encoding='US-ASCII'/>
<xsl:template match='/'>
  <xsl:for-each select='//c:item'><xsl:sort select="c:title" case-order='upper-first'/>
    <xsl:sort select='@stock' data-type='number'/>
    <xsl:call-template name='line'><xsl:with-param name='text' select='c:title'/>
      <xsl:with-param name='width' select='24'/></xsl:call-template>
    <xsl:call-template name='bar'><xsl:with-param name='length'
    select='floor(@stock div 8)'/></xsl:call-template>
    <xsl:choose>
      <xsl:when test='@stock &lt; 5'>low</xsl:when>
      <xsl:when test='@stock &lt;= 20 and c:price &gt; 100'>dear</xsl:when>
      <xsl:when test="@currency = 'USD' or @currency = 'GBP'">
        <xsl:value-of select='lower-case(@currency)'/></xsl:when>
      <xsl:when test='m:tag'><xsl:value-of select="join(m:tag, '+')"/></xsl:when>
      <xsl:otherwise>plain</xsl:otherwise></xsl:choose><xsl:text>&#10;</xsl:text></xsl:for-each>
  <xsl:text>mean </xsl:text><xsl:value-of select="format-number(avg(//c:price), '0.000')"/>
  <xsl:text> top </xsl:text><xsl:value-of select='highest(//c:price)/../@id'/>
</xsl:template>
<xsl:template name='line'><xsl:param name='text'/><xsl:param name='width' select='10'/><xsl:param
    name='fill'>.</xsl:param>
  <xsl:variable name='clean' select='normalize-space($text)'/>
  <xsl:value-of select='substring($clean, 1, $width)'/>
  <xsl:value-of select='padding($width - string-length($clean), $fill)'/></xsl:template>
<xsl:template name='bar'><xsl:param name='length'/><xsl:param name='text'/>
  <xsl:choose><xsl:when test='string-length($text) &gt;= $length'>[<xsl:value-of
    select="align($text, 8, 'right')"/>] </xsl:when>
  <xsl:otherwise><xsl:call-template name='bar'><xsl:with-param name='length' select='$length'/>
    <xsl:with-param name='text'
    select="concat($text, '#')"/></xsl:call-template></xsl:otherwise></xsl:choose></xsl:template>
</xsl:stylesheet>)xsl",
SHEET R"xsl(
<xsl:output method='xml' encoding='UTF-8' indent='yes'/>
<xsl:template match='@*|node()'><xsl:copy><xsl:apply-templates select='@*|node()'/></xsl:copy></xsl:template>
<xsl:template match='c:item/@stock'><xsl:attribute name='available'><xsl:value-of
    select='. &gt; 10'/></xsl:attribute>
</xsl:template>
<xsl:template match='c:price'><c:price net='{round(. * 100 div 1.19) div 100}'><xsl:value-of
    select='.'/></c:price>
  <xsl:if test='../@stock &gt; 40'><c:bulk><xsl:value-of
    select='floor(. * 0.9)'/></c:bulk></xsl:if></xsl:template>
<xsl:template match='c:section[not(c:item)]'/>
<xsl:template match='c:section/c:item[last()]'><c:last><xsl:copy-of
    select='c:title|m:tag[1]'/></c:last></xsl:template>
<xsl:template match='m:*'><xsl:element name='m:{upper-case(local-name())}' namespace='urn:meta'>
  <xsl:apply-templates/></xsl:element></xsl:template>
<xsl:template match='c:text/text()[contains(., "a")]' priority='3'><xsl:value-of
    select="replace(., 'a', '4')"/></xsl:template>
<xsl:template match='processing-instruction()'><xsl:processing-instruction name='done'>
  <xsl:value-of select='name()'/></xsl:processing-instruction></xsl:template>
</xsl:stylesheet>)xsl",
SHEET R"xsl(
<xsl:output method='xml' encoding='US-ASCII'/>
<xsl:key name='by-tag' match='c:item' use='m:tag'/>
<xsl:key name='by-target' match='c:see' use='@xlink:href'/>
<xsl:template match='/'><index><tags><xsl:for-each select='distinct(//m:tag)'><xsl:sort select='.'
    order='descending'/>
    <tag name='{.}' n="{count(key('by-tag', .))}"><xsl:apply-templates select="key('by-tag', .)"
    mode='short'/></tag>
  </xsl:for-each></tags>
  <references><xsl:apply-templates select='//c:item' mode='target'/></references>
  <path><xsl:apply-templates select='//c:em' mode='path'/></path></index></xsl:template>
<xsl:template match='c:item' mode='short'><item ref='{generate-id()}'><xsl:number level='any' format='A'/>
  <xsl:text>:</xsl:text><xsl:value-of
    select="substring-before(concat(c:title, ' '), ' ')"/></item></xsl:template>
<xsl:template match='c:item' mode='target'><xsl:variable name='users' select="key('by-target', @id)"/>
  <xsl:if test='count($users) &gt; 0'><target id='{@id}' chapter='{../@title}'><xsl:for-each select='$users'>
    <from><xsl:value-of select='../@id'/><xsl:if test='lang("de")'>de</xsl:if></from></xsl:for-each>
  <self><xsl:value-of select="id(concat(@id, ' ', c:see/@xlink:href))/c:title"/></self></target></xsl:if>
  <xsl:message>item <xsl:value-of select='@id'/></xsl:message></xsl:template>
<xsl:template match='*' mode='path'><step><xsl:for-each select='ancestor-or-self::*'><xsl:value-of
    select='name()'/>
  <xsl:if test='position() &lt; last()'>/</xsl:if></xsl:for-each></step></xsl:template>
</xsl:stylesheet>)xsl",
SHEET R"xsl(
<xsl:output method='html' encoding='US-ASCII'/>
<xsl:template match='c:catalog'><table><xsl:for-each select='//c:section[c:item]'>
  <xsl:sort select='count(.//c:item)' data-type='number'/><xsl:sort select='@title' order='descending'/>
  <xsl:variable name='prices' select='c:item/c:price'/>
  <tr><th><xsl:number value='count(preceding::c:section) + 1' format='I'/></th><td><xsl:value-of
    select='min($prices)'/></td>
  <td><xsl:value-of select='max($prices)'/></td><td><xsl:value-of select='ceiling(sum($prices))'/></td>
  <td><xsl:apply-templates select='c:item[position() &lt; 3]/c:title|.//m:note'
    mode='cell'/></td></tr></xsl:for-each></table>
  <a href="?q={encode-uri(.//c:title[last()])}">next</a><input value='{levels(.//c:em[1])}'/></xsl:template>
<xsl:template match='c:title[lang("en")]' mode='cell'><em><xsl:value-of
    select='reverse(.)'/></em></xsl:template>
<xsl:template match='c:title' mode='cell'><xsl:value-of
    select='word-count(.)'/><xsl:text> words </xsl:text></xsl:template>
<xsl:template match='m:note' mode='cell'><script>x = '<xsl:value-of
    select='substring-after(., "handle ")'/>';</script>
</xsl:template>
</xsl:stylesheet>)xsl",
};
const int kStylesheetCount = 5;

std::vector<string> make_queries() {
    static const char* const kAxes[] = {"self", "child", "parent", "descendant", "descendant-or-self",
        "ancestor",
        "ancestor-or-self", "following", "following-sibling", "preceding", "preceding-sibling", "attribute"};
    static const char* const kTests[] = {"node()", "text()", "comment()", "processing-instruction()", "*",
        "c:*", "c:item"};
    static const char* const kOperators[] = {"=", "!=", "<", "<=", ">", ">="};
    static const char* const kOperands[] = {"m:tag", "c:see/@xlink:href", "@stock + 1", "12",
        "string(c:title)", "'gift'",
        "starts-with(@id, 'i1')", "true()"};
    std::vector<string> queries;
    for (const char* axis : kAxes)
        for (const char* test : kTests) {
            string step = string(axis) + "::" + test;
            queries.push_back("count(" + step + ")");
            queries.push_back("hash(" + step + "[2])");
            queries.push_back("sum(" + step + "[string-length() < 4])");
        }
    for (const char* op : kOperators)
        for (size_t i = 0; i < 8; i += 2)
            for (size_t k = 1; k < 8; k += 2)
                queries.push_back(string(kOperands[i]) + " " + op + " " + kOperands[k]);
    static const char* const kMore[] = {
        "@stock * c:price - 3", "c:price div @stock", "7 mod 3 + @stock mod 4",
            "2 * c:price + c:price * 2", "-@stock - -1",
        "count(c:price|m:tag|c:title)", "not(c:text/c:em) or boolean(m:tag)", "ends-with(c:title, 'r')",
        "index-of(c:title, 'e')", "abs(@stock - 30)", "power(@stock, 2)", "sqrt(@stock)",
            "has-same-node(*, m:tag)",
        "count(difference(*, m:tag))", "count(intersection(*, c:*))", "count(id(c:see/@xlink:href))",
            "namespace-uri(*[2])",
        "system-property('xsl:vendor')", "number(c:price) > 100", "string(123.456)", "round(c:price)",
            "(*)[3]",
        "following-sibling::c:item[1]/c:title", "preceding::c:item[2]/@id",
            "string-length(normalize-space())",
        "//c:item[c:price = max(//c:price)]/@id", "translate(c:title, '\xc3\xbc\xc3\xa9', 'ue')",
            "false() or @stock > 3",
        "current()/@id = 'i3'", "format-number(@stock div 60, '0.0%')",
            "../c:item[m:tag = current()/m:tag]/@id"};
    queries.insert(queries.end(), std::begin(kMore), std::end(kMore));
    return queries;
}

}  // namespace xalan
