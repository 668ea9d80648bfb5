# SPDX-License-Identifier: BSD-3-Clause
"""Changes parameters of a built component tree by path, as --set does: core.l1d.next.size=512KiB."""
import difflib

from sim import ConfigError, components


def near(wrong, names, prefix=""):
    """The end of an error message about a name that does not exist; all begin with `prefix`, which says nothing."""
    names = sorted(name.removeprefix(prefix) for name in names)
    found = difflib.get_close_matches(wrong.removeprefix(prefix), names, 1)
    if found:
        return f"; did you mean '{prefix}{found[0]}'?"
    return f"; there is {', '.join(prefix + name for name in names) or 'none'}"


def field_of(component, name, path):
    fields = {field["name"]: field for field in type(component).fields}
    if name not in fields:
        owner = type(component).__name__
        raise ConfigError(f"--set {path}: {owner} has no parameter '{name}'{near(name, fields)}")
    return fields[name]


def find(parts, path):
    """The component that holds the last name of `path`, and that name's field."""
    first, *names = path.split(".")
    if first not in parts or not names:
        roots = "the core" if len(parts) == 1 else " or ".join(parts)
        raise ConfigError(f"--set {path}: paths start at {roots}, such as core.l1d.size")
    owner = parts[first]
    for name in names[:-1]:
        field = field_of(owner, name, path)
        child = getattr(owner, name) if field["kind"] == "child" else None
        if child is None:
            raise ConfigError(f"--set {path}: {type(owner).__name__} has no component at '{name}' here")
        owner = child
    return owner, field_of(owner, names[-1], path)


def component_of(text, path):
    """Name, or Name(parameter=value, child=Other(...)): a new component."""
    name, bracket, rest = text.partition("(")
    if name not in components:
        raise ConfigError(f"--set {path}: no component '{name}'{near(name, components)}")
    if bracket and not rest.endswith(")"):
        raise ConfigError(f"--set {path}: '{text}' has no closing bracket")
    fields = {field["name"]: field for field in components[name].fields}
    keywords = {}
    for word in split_outside_brackets(rest[:-1]):
        key, equals, value = (part.strip() for part in word.partition("="))
        if not equals:
            raise ConfigError(f"--set {path}: '{word}' has no value; write {name}(PARAMETER=VALUE)")
        if key not in fields:
            raise ConfigError(f"--set {path}: {name} has no parameter '{key}'{near(key, fields)}")
        keywords[key] = value_of(fields[key], value, path)
    return components[name](**keywords)


def split_outside_brackets(text):
    """The parts between commas that are in no bracket."""
    parts, depth = [], 0
    for letter in text:
        depth += (letter == "(") - (letter == ")")
        if letter == "," and depth == 0:
            parts.append("")
        else:
            parts[-1:] = [(parts[-1] if parts else "") + letter]
    return parts


def value_of(field, text, path):
    """What the text means for a field of this type; the constructor checks range and unit."""
    if field["kind"] == "child":
        return None if text == "None" else component_of(text, path)
    if field["type"] == "bool":
        meanings = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}
        if text.lower() not in meanings:
            raise ConfigError(f"--set {path}: cannot be '{text}' ({field['doc']}); it takes true or false")
        return meanings[text.lower()]
    return text


def rebuilt(component, changes, made):
    """A copy of the tree of `component` with `changes` {component: {name: value}}; what is shared stays."""
    if component in made:
        return made[component]
    keywords = {}
    for field in type(component).fields:
        value = getattr(component, field["name"])
        is_part = field["kind"] == "child" and value is not None
        keywords[field["name"]] = rebuilt(value, changes, made) if is_part else value
    keywords.update(changes.get(component, {}))
    made[component] = type(component)(**keywords)
    return made[component]


def apply(core, settings):
    """A core like `core` with every "path=value" of `settings` in force."""
    return apply_all({"core": core}, settings)["core"]


def apply_all(parts, settings):
    """The same for all parts of a machine, {"core": ..., "accel0": ...}; what they share they go on sharing.

    A setting may be about a part that an earlier one adds."""
    changes = {}
    for setting in settings:
        path, equals, text = (part.strip() for part in setting.partition("="))
        if not equals:
            raise ConfigError(f"--set {setting}: has no value; write PATH=VALUE, as core.l1d.size=64KiB")
        if adds_to(parts, path, changes):
            parts, changes = changed(parts, changes), {}
        owner, field = find(parts, path)
        changes.setdefault(owner, {})[field["name"]] = value_of(field, text, path)
    return changed(parts, changes)


def changed(parts, changes):
    made = {}
    return {name: rebuilt(part, changes, made) for name, part in parts.items()} if changes else parts


def adds_to(parts, path, changes):
    """Whether the way along `path` leads through a component that `changes` put there."""
    first, *names = path.split(".")
    owner = parts.get(first)
    for name in names[:-1]:
        if name in changes.get(owner, {}):
            return True
        owner = getattr(owner, name, None)
    return False
