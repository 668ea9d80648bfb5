// SPDX-License-Identifier: BSD-3-Clause
// Embedded scripts: mail scoring, text munging, record reports, algorithms and an expression calculator.
#include "scripts.hh"

#include <initializer_list>
#include <iterator>

namespace script {

const char* const kScripts[] = {
// ---- spam checker ----
R"PERL(
sub header {
    my ($line) = @_;
    if ($line =~ /^([A-Za-z-]+):\s*(.*)$/) {
        my $key = lc($1);
        $head{$key} = $2;
        return 1;
    }
    return 0;
}
sub rule {
    my ($name, $points) = @_;
    $score += $points;
    $hits{$name} += 1;
    $fired .= $fired eq '' ? $name : ",$name";
    $mailscore{total} += $points;
    return $points;
}
sub body_rules {
    my ($text) = @_;
    my $points = 0;
    $points += rule('CLICK', 2) if $text =~ /click\s+(here|below)/i;
    $points += rule('MONEY', 3) if $text =~ /\$\d+(,\d{3})*(\.\d\d)?/;
    $points += rule('PERCENT', 1) if $text =~ /\b\d{1,3}%\s*(off|free)?/i;
    $points += rule('URL', 1) if $text =~ /https?:\/\/[\w.-]+(\/\S*)?/;
    $points += rule('NUMERIC_URL', 4) if $text =~ /http:\/\/\d+\.\d+\.\d+\.\d+/;
    $points += rule('SHOUT', 2) if $text =~ /[A-Z]{5,}/;
    $points += rule('FREE', 1) if $text =~ /\bfree\b/i;
    $points += rule('REMOVE', 2) if $text =~ /(un)?subscribe|remove me/i;
    $points += rule('REPEAT', 1) if $text =~ /(\w)\1\1/;
    $points += rule('BANG', 1) if $text =~ /!{2,}/;
    $points -= 1 if $text =~ /^>+ ?/;
    $points += rule('WINNER', 3) if $text =~ /\b(won|winner|prize|lottery)\b/i;
    $points += rule('HEX', 1) if $text =~ /[^\w](?:0x)?[0-9a-f]{6,}/;
    $points += rule('GAPPY', 2) if $text =~ /\b(?:[A-Z] ){3,}/;
    return $points;
}
my $fired = '';
%head = ();
%mailscore = ();
my $inbody = 0;
my $points = 0;
my $lines = 0;
while (defined(my $line = readline())) {
    $lines++;
    if (!$inbody) {
        if ($line eq '') { $inbody = 1; next; }
        header($line);
        next;
    }
    $points += body_rules($line);
    foreach my $word ($line =~ /[a-z]{4,}/g) {
        $seen{$word}++;
        $points += $weight{$word} if exists($weight{$word});
    }
}
my $subject = $head{subject};
my $from = $head{from};
$points += 3 if $subject =~ /^(re|fwd?):/i && $head{'in-reply-to'} eq '';
$points += 2 if uc($subject) eq $subject;
$points -= 2 if $from =~ /<[\w.]+@(example|test)\.(org|com)>/;
my ($user, $host) = $from =~ /([\w.]+)@([\w.]+)/;
$points += 2 if defined($user) && $user =~ /\d{3}$/;
$points += index($host, 'mail') >= 0 ? 1 : 0;
my $verdict = $points > 12 ? 'spam' : $points > 6 ? 'maybe' : 'ham';
$verdicts{$verdict}++;
foreach my $word (grep { $seen{$_} > 3 } keys(%seen)) {
    $weight{$word} = $verdict eq 'spam' ? 1 : $verdict eq 'ham' ? -1 : 0;
}
%seen = () if hsize(%seen) > 120;
print(sprintf("%-6s %3d %2d lines %s\n", $verdict, $points, $lines, join(' ',
    map { "$_=$verdicts{$_}" } sort(keys(%verdicts)))));
print(join(',', sort { $hits{$b} <=> $hits{$a} || $a cmp $b } keys(%hits)), "\n");
)PERL",
// ---- text munging ----
R"PERL(
sub wrap {
    my ($text, $width) = @_;
    my $line = '';
    my $out = '';
    foreach my $word (split(/\s+/, $text)) {
        if (length($line) + length($word) + 1 > $width) {
            $out .= "$line\n";
            $line = $word;
        } else {
            $line .= $line eq '' ? $word : " $word";
        }
    }
    return $out . $line . "\n";
}
sub title {
    my ($text) = @_;
    return join(' ', map { ucfirst(lc($_)) } split(/ /, $text));
}
sub rot {
    my ($text) = @_;
    $text =~ tr/a-zA-Z/n-za-mN-ZA-M/;
    return $text;
}
my @lines;
my $total = 0;
while (defined(my $line = readline())) {
    $line =~ s/^\s+//;
    $line =~ s/\s+$//;
    $line =~ s/\s{2,}/ /g;
    push(@lines, $line) if length($line) > 0;
    $total += length($line);
}
%count = ();
my $longest = '';
foreach my $line (@lines) {
    foreach my $word (split(/[^A-Za-z']+/, $line)) {
        next if length($word) < 3;
        my $key = lc($word);
        $count{$key}++;
        $longest = $key if length($key) > length($longest) ||
            length($key) == length($longest) && $key lt $longest;
    }
}
my @top = sort { $count{$b} <=> $count{$a} || $a cmp $b } keys(%count);
my $shown = 0;
foreach my $word (@top) {
    last if $shown++ >= 5;
    print(sprintf("%-12s|%s%4d\n", $word, '#' x $count{$word}, $count{$word}));
}
my $text = join(' ', @lines);
$text =~ s/\b(\w+) (\w+)\b/$2 $1/;
$text =~ s/\$(\d+)/USD $1/g;
$text =~ s/(\d+)%/$1 percent/g;
$text =~ s/([a-z])([A-Z])/$1-$2/g;
$text =~ s/(https?):\/\/([\w.]+)\S*/<$2>/g;
$text =~ s/[aeiou]{2}/*/g;
my $vowels = $text =~ tr/aeiou//;
print(wrap(substr($text, 0, 260), 60));
print("$total $vowels $longest ", title(substr($lines[0], 0, 30)), ' ', rot(substr($lines[1], 0, 20)), "\n");
my $palindromes = scalar(@lines);
for (my $i = 0; $i < 5; $i++) {
    my $w = $top[$i];
    $palindromes += $w eq strrev($w) ? 10 : 1;
    $palindromes ^= checksum($w) & 255;
    $palindromes |= 1 << ($i % 3);
}
my $squeezed = join('', uniq(split(//, $longest)));
print("$palindromes $squeezed ", rindex($text, 'e'), ' ', lcfirst('ABC'), ' ', substr($longest, -3), ' ',
    ord($longest), chr(65 + $vowels % 26), "\n");
)PERL",
// ---- records and reports ----
R"PERL(
sub money {
    my ($cents) = @_;
    my $text = sprintf("%d.%02d", int($cents / 100), $cents % 100);
    while ($text =~ s/^(\d+)(\d{3})/$1,$2/) { last if $text =~ /^\d{1,3},/; }
    return $text;
}
sub median {
    my @sorted = sort { $a <=> $b } @_;
    my $n = scalar(@sorted);
    return $n % 2 ? $sorted[$n / 2] : ($sorted[$n / 2 - 1] + $sorted[$n / 2]) / 2;
}
my @rows;
my %sum;
my $bad = 0;
while (defined(my $line = readline())) {
    unless ($line =~ /^item\|/) { next; }
    my ($tag, $name, $qty, $price, $colour) = split(/\|/, $line);
    if ($qty !~ /^\d+$/ or $price !~ /^\d+\.\d\d$/) { $bad++; next; }
    my $cents = $price * 100;
    $cents = int($cents + 0.5);
    push(@rows, "$name\t$qty\t$cents\t$colour");
    $sum{$colour} += $qty * $cents;
    $all{$name} += $qty;
    $stock{$name} = $stock{$name} > $qty ? $stock{$name} : $qty;
}
my $i = 0;
%key = ();
foreach my $row (@rows) {
    my ($name, $qty, $cents) = split(/\t/, $row);
    $key{$row} = $qty * $cents;
    $i++;
}
my $rank = 0;
foreach my $row (sort { $key{$b} <=> $key{$a} || $a cmp $b } @rows) {
    my ($name, $qty, $cents, $colour) = split(/\t/, $row);
    $rank++;
    print(sprintf("%02d %-10s %5d x %8s = %10s %s %x %o\n", $rank, $name, $qty, money($cents),
        money($qty * $cents), uc($colour), $cents, $qty));
}
foreach my $colour (sort { $sum{$a} <=> $sum{$b} } keys(%sum)) {
    print(sprintf("%8s %+d %.2f%% %s\n", $colour, $sum{$colour},
        100 * $sum{$colour} / (1 + sum(values(%sum))), '=' x ($sum{$colour} / 20000 % 20)));
}
my @quantities = grep { $_ =~ /^\d+$/ && $_ < 100 } map { split(/\t/, $_) } @rows;
print("rows $rank bad $bad max ", max(0, @quantities), ' min ', min(99, @quantities), ' median ', median(1,
    @quantities), "\n");
my @names = reverse(sort { $all{$a} <=> $all{$b} || $b cmp $a } keys(%all));
$#names > 3 and print("best $names[0] $names[1] $names[-1] ", join('/',
    map { $all{$_} * 2 - $stock{$_} } @names), "\n");
foreach my $name (@names) { delete($all{$name}) if $all{$name} > 500; }
my @queue = (3, 1, 4, 1, 5, 9, 2, 6);
unshift(@queue, pop(@queue), shift(@queue)) for 1 .. 3;
print("@queue ", join(':', map { sprintf('%b', $_) } @queue), "\n");
)PERL",
// ---- algorithms ----
R"PERL(
sub gcd { my ($x, $y) = @_; return $y == 0 ? $x : gcd($y, $x % $y); }
sub fib { my ($n) = @_; return $n < 2 ? $n : fib($n - 1) + fib($n - 2); }
sub power { my ($base, $n, $m) = @_;
    my $r = 1;
    while ($n > 0) { $r = $r * $base % $m if $n & 1; $base = $base * $base % $m; $n >>= 1; }
    return $r; }
sub roman {
    my ($n) = @_;
    my $out = '';
    my @value = (1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1);
    my @digit = qw(M CM D CD C XC L XL X IX V IV I);
    for (my $i = 0; $i <= $#value; $i++) {
        while ($n >= $value[$i]) { $out .= $digit[$i]; $n -= $value[$i]; }
    }
    return $out;
}
sub distance {
    my ($s, $t) = @_;
    my $m = length($s);
    my $n = length($t);
    my @row = (0 .. $n);
    for (my $i = 1; $i <= $m; $i++) {
        my $diagonal = $row[0];
        $row[0] = $i;
        for (my $j = 1; $j <= $n; $j++) {
            my $cost = substr($s, $i - 1, 1) eq substr($t, $j - 1, 1) ? 0 : 1;
            my $best = $diagonal + $cost;
            $diagonal = $row[$j];
            my $up = $diagonal + 1;
            my $left = $row[$j - 1] + 1;
            $best = $up if $up < $best;
            $best = $left if $left <= $best;
            $row[$j] = $best;
        }
    }
    return $row[$n];
}
sub base64 {
    my ($text) = @_;
    my $alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
    my $out = '';
    my $bits = 0;
    my $held = 0;
    foreach my $c (split(//, $text)) {
        $held = $held << 8 | ord($c);
        $bits += 8;
        while ($bits >= 6) { $bits -= 6; $out .= substr($alphabet, $held >> $bits & 63, 1);
            $held &= (1 << $bits) - 1; }
    }
    $out .= substr($alphabet, $held << 6 - $bits & 63, 1) if $bits > 0;
    return $out;
}
sub collatz { my ($n) = @_; my $steps = 0;
    while ($n != 1) { $n = $n % 2 == 0 ? $n / 2 : 3 * $n + 1; $steps++; }
    return $steps; }
my $line = readline();
my $seed = checksum($line) % 1000 + 1;
my @composite;
my @primes;
for (my $i = 2; $i < 25; $i++) {
    next if $composite[$i];
    push(@primes, $i);
    for (my $j = $i * $i; $j < 25; $j += $i) { $composite[$j] = 1; }
}
print("primes @primes\n") if $seed % 7 == 0;
print(join(' ', gcd($seed * 12, 360), fib(3 + $seed % 4), power(3, $seed, 1009), roman($seed),
    collatz($seed % 30 + 2), isqrt($seed)), "\n");
my @words = grep { length($_) > 2 } split(/\W+/, $line);
for (my $i = 0; $i + 1 < @words && $i < 2; $i++) {
    print("$words[$i] $words[$i + 1] ", distance($words[$i], $words[$i + 1]), ' ', base64($words[$i]), "\n");
}
my @m = map { $_ * $seed % 17 } 1 .. 9;
my @p;
for (my $i = 0; $i < 3; $i++) {
    for (my $j = 0; $j < 3; $j++) {
        my $s = 0;
        for (my $k = 0; $k < 3; $k++) { $s += $m[$i * 3 + $k] * $m[$k * 3 + $j]; }
        push(@p, $s);
    }
}
my $mean = sum(@p) / @p;
my $spread = 0;
$spread += ($_ - $mean) * ($_ - $mean) for @p;
print(sprintf("%s mean %.3f var %.2f hex %s 2**%d=%d %s\n", join(',', @p), $mean, $spread / @p,
    hex('1f') + $seed, $seed % 20, 2 ** ($seed % 20), abs(-$seed) <=> 500));
my $state = $seed;
my @heap;
for (my $i = 0; $i < 12; $i++) {
    $state = ($state * 1103515245 + 12345) % 2147483648;
    push(@heap, $state >> 16 & 255);
    my $c = $#heap;
    while ($c > 0) {
        my $up = int(($c - 1) / 2);
        last if $heap[$up] <= $heap[$c];
        my $t = $heap[$up];
        $heap[$up] = $heap[$c];
        $heap[$c] = $t;
        $c = $up;
    }
}
print("heap @heap\n");
)PERL",
// ---- expression calculator and templates ----
R"PERL(
sub precedence { my ($op) = @_; return $op eq '+' || $op eq '-' ? 1 : $op eq '^' ? 3 : $op eq '(' ? 0 : 2; }
sub apply {
    my ($op) = @_;
    my $y = pop(@values);
    my $x = pop(@values);
    my $r = 0;
    if ($op eq '+') { $r = $x + $y; }
    elsif ($op eq '-') { $r = $x - $y; }
    elsif ($op eq '*') { $r = $x * $y; }
    elsif ($op eq '/') { $r = $y == 0 ? 0 : int($x / $y); }
    elsif ($op eq '%') { $r = $y == 0 ? 0 : $x % $y; }
    else { $r = ($x % 10) ** ($y % 4); }
    push(@values, $r);
    return $r;
}
sub calculate {
    my ($text) = @_;
    my @operators;
    my $tokens = 0;
    @values = ();
    foreach my $token ($text =~ /\d+|[-+*\/%^()]/g) {
        $tokens++;
        if ($token =~ /^\d/) { push(@values, $token + 0); next; }
        if ($token eq '(') { push(@operators, $token); next; }
        if ($token eq ')') {
            while (@operators > 0) {
                my $op = pop(@operators);
                last if $op eq '(';
                apply($op);
            }
            next;
        }
        while (@operators > 0 && precedence($operators[-1]) >= precedence($token)) { apply(pop(@operators)); }
        push(@operators, $token);
    }
    while (@operators > 0) { apply(pop(@operators)); }
    return "$tokens:$values[0]";
}
sub fill {
    my ($template) = @_;
    my $rounds = 0;
    while ($template =~ /\[(\w+)(?::(\w+))?\]/ && $rounds++ < 12) {
        my $key = $1;
        my $how = $2;
        my $value = exists($env{$key}) ? $env{$key} : "?$key?";
        $value = uc($value) if $how eq 'upper';
        $value = sprintf('%08.3f', $value) if $how eq 'fixed';
        $value = strrev($value) if $how eq 'back';
        $value = length($value) if $how eq 'size';
        $template =~ s/\[\w+(?::\w+)?\]/$value/;
    }
    return $template;
}
%env = ('user', 'someone', 'count', 0);
while (defined(my $line = readline())) {
    if ($line =~ /^calc: (.*)$/) {
        my $result = calculate($1);
        $env{count} += 1;
        $env{last} = $result;
        print("$1 => $result\n");
    } elsif ($line =~ /^From: "?([^"<]*)"? </) {
        $env{user} = $1;
    } elsif ($line =~ /^Date: \w+, (\d+) (\w+) (\d{4}) (\d+):(\d\d)/) {
        my %months = ('Jan', 1, 'Feb', 2, 'Mar', 3, 'Apr', 4, 'May', 5, 'Jun', 6);
        $env{date} = sprintf('%04d-%02d-%02d', $3, $months{$2}, $1);
        $env{minutes} = $4 * 60 + $5;
        $env{shift} = $4 lt '12' ? 'early' : $4 ge '18' ? 'late' : 'day';
    } elsif ($line =~ /^(\w+)=(.+?);/) {
        $env{$1} = $2;
    }
}
$env{greeting} = $env{shift} gt 'day' ? 'Good evening' : 'Hello';
print(fill('[greeting] [user:upper], [count] sums on [date:back]; last [last], ' .
    'at [minutes:fixed] ([shift:size]) [missing]'), "\n");
print(join(' ', map { "$_<$env{$_}>" } sort(grep { $_ le 'm' || $_ ne 'user' } keys(%env))), "\n");
)PERL"};
const int kScriptCount = 5;

namespace {

const char* const kWords[] = {
    "meeting", "report", "lottery", "winner", "please", "click", "here", "below", "FREE", "offer",
        "project", "schedule",
    "invoice", "attached", "unsubscribe", "prize", "regards", "tomorrow", "committee", "AMAZING",
        "discount", "review",
    "bookkeeper", "soooo", "delivery", "network", "garden", "0xdeadbeef", "level", "and", "the", "with",
        "Perl", "camelCase"};
const char* const kNames[] = {"Alice Moor", "Bob Stone", "Carol Field", "Dan Brook", "Eve Hill"};
const char* const kHosts[] = {"example.org", "test.com", "bulkmail.biz", "mail.promo.net", "uni.edu"};
const char* const kItems[] = {"lamp", "desk", "chair", "carpet", "mirror", "clock", "shelf"};
const char* const kColours[] = {"red", "green", "blue", "black"};
const char* const kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun"};

std::string number(uint32_t value) { return std::to_string(value); }

// Braced lists are evaluated from left to right; the operands of + are not.
std::string join(std::initializer_list<std::string> parts) {
    std::string text;
    for (const std::string& part : parts)
        text += part;
    return text;
}

std::string sentence(Random& random) {
    std::string line;
    for (int i = 4 + static_cast<int>(random.below(6)); i > 0; --i) {
        line += kWords[random.below(std::size(kWords))];
        line += random.below(9) == 0 ? "  " : " ";
    }
    switch (random.below(8)) {
    case 0: line += "$" + number(random.below(900)) + ",000.50"; break;
    case 1: line += number(random.below(99)) + "% off"; break;
    case 2: line += "http://www.shop.example/x?id=" + number(random.below(999)); break;
    case 3: line += "http://10.0.3." + number(random.below(255)) + "/"; break;
    case 4: line += "B U Y now!!!"; break;
    default: line += "thanks."; break;
    }
    return random.below(7) ? line : "> " + line;
}

std::string calculation(Random& random) {
    static const char kOperators[] = "+-*/%^";
    std::string line = "calc: ";
    int open = 0;
    for (int i = 3 + static_cast<int>(random.below(5)); i > 0; --i) {
        if (random.below(3) == 0) {
            line += '(';
            ++open;
        }
        line += number(random.below(50));
        if (open > 0 && random.below(2)) {
            line += ')';
            --open;
        }
        if (i > 1)
            line += std::string(" ") + kOperators[random.below(6)] + " ";
    }
    return line.append(open, ')');
}

}  // namespace

std::vector<std::string> make_mail(Random& random, int lines) {
    std::vector<std::string> mail;
    std::string user = kNames[random.below(5)];
    std::string subject = sentence(random);
    mail.push_back(join({"From: \"", user, "\" <", user.substr(0, 3), number(random.below(300)), "@",
                         kHosts[random.below(5)], ">"}));
    mail.push_back(join({"Subject: ", random.below(3) ? "" : "Re: ", subject}));
    mail.push_back(join({"Date: Mon, ", number(1 + random.below(28)), " ", kMonths[random.below(6)],
        " 2005 1",
                         number(random.below(10)), ":", number(10 + random.below(49))}));
    if (random.below(2))
        mail.push_back("In-Reply-To: <" + number(random.below(10000)) + "@example.org>");
    mail.push_back("");
    for (int i = 0; i < lines; ++i) {
        uint32_t kind = random.below(8);
        if (kind < 4) {
            mail.push_back(sentence(random));
        } else if (kind < 6) {
            std::string item = kItems[random.below(7)],
                quantity = random.below(9) ? number(1 + random.below(60)) : "many";
            std::string price = join({number(random.below(3000)), ".", number(10 + random.below(89))});
            mail.push_back(join({"item|", item, "|", quantity, "|", price, "|", kColours[random.below(4)]}));
        } else if (kind == 6) {
            mail.push_back(calculation(random));
        } else {
            mail.push_back(join({"ref", number(random.below(4)), "=", sentence(random), ";"}));
        }
    }
    return mail;
}

}  // namespace script
