"""The HTTP API: every operation and schema, from the OpenAPI document."""

from collections.abc import Iterator
from functools import cache
from typing import Any

from leadtracker.entrypoints.http.docs.document import openapi_document
from tools.references.markdown import anchor, code, sentence, table

_METHODS = ("get", "post", "put", "patch", "delete")
_FIRST_ERROR = 400

document = cache(openapi_document)


def endpoint_table() -> str:
    """Return one line for each operation."""
    rows = (
        (
            f"[{code(_title(method, path))}](endpoints.md#{anchor(_title(method, path))})",
            sentence(one["summary"]),
        )
        for _tag, path, method, one in _operations()
    )
    return table(("operation", "purpose"), rows)


def endpoints() -> str:
    """Return a section for each tag, with every operation."""
    sections = []
    for tag in document()["tags"]:
        named = (one for one in _operations() if one[0] == tag["name"])
        operations = [_operation(path, method, one) for _, path, method, one in named]
        if operations:
            sections.append("\n".join([f"## {tag['name']}\n\n{sentence(tag['description'])}\n", *operations]))
    return "\n".join(sections)


def schemas() -> str:
    """Return a section for each schema."""
    return "\n".join(_schema_section(name, one) for name, one in document()["components"]["schemas"].items())


def events_table() -> str:
    """Return one line for each event of webhooks."""
    rows = []
    for name, item in document()["webhooks"].items():
        body = item["post"]["requestBody"]["content"]["application/json"]["schema"]
        data = _resolved(body)["properties"]["data"]
        rows.append((code(name), sentence(item["post"]["summary"]), _data(data)))
    return table(("`type`", "when", "`data`"), rows)


def event_headers() -> str:
    """Return one line for each header of webhooks."""
    first = next(iter(document()["webhooks"].values()))["post"]["parameters"]
    return table(("header", "content"), ((code(one["name"]), sentence(one["description"])) for one in first))


def _operations() -> Iterator[tuple[str, str, str, dict[str, Any]]]:
    """Yield tag, path, method and description of every operation."""
    for path, item in document()["paths"].items():
        for method in _METHODS:
            if method in item:
                yield item[method]["tags"][0], path, method, item[method]


def _title(method: str, path: str) -> str:
    return f"{method.upper()} {path}"


def _operation(path: str, method: str, one: dict[str, Any]) -> str:
    paragraphs = [f"### `{_title(method, path)}`", sentence(one["summary"]), *_description(one), _access(one)]
    parameters = one.get("parameters", [])
    if parameters:
        rows = ((code(p["name"]), p["in"], _type(p["schema"]), _meaning(p)) for p in parameters)
        paragraphs.append(table(("parameter", "in", "type", "meaning"), rows))
    if "requestBody" in one:
        paragraphs.append(_body(one["requestBody"]))
    paragraphs.append("\n".join(_responses(one["responses"])))
    return "\n\n".join(part.strip() for part in paragraphs) + "\n"


def _description(one: dict[str, Any]) -> list[str]:
    return [sentence(text) for text in one.get("description", "").split("\n\n") if text]


def _access(one: dict[str, Any]) -> str:
    security = one["security"]
    if security == [{}]:
        return "Open to everyone."
    return (
        "Open to anonymous clients; credentials are optional." if {} in security else "Requires credentials."
    )


def _body(body: dict[str, Any]) -> str:
    kinds = [
        f"{code(media)} ({_type(content['schema'])})" if content.get("schema") else code(media)
        for media, content in body["content"].items()
    ]
    return f"Body: {', '.join(kinds)}."


def _responses(responses: dict[str, Any]) -> Iterator[str]:
    errors = [status for status in responses if status.isdigit() and int(status) >= _FIRST_ERROR]
    for status, one in responses.items():
        if status not in errors:
            types = {
                _type(content["schema"]) for content in one.get("content", {}).values() if "schema" in content
            }
            shape = f" ({', '.join(sorted(types))})" if types else ""
            yield f"- {code(status)}{shape}: {sentence(one['description'])}"
    if errors:
        yield f"- [Errors](api.md#errors): {', '.join(map(code, errors))}."


def _schema_section(name: str, schema: dict[str, Any]) -> str:
    paragraphs = [f"## {name}", sentence(schema.get("description", ""))]
    if "enum" in schema:
        paragraphs.append(f"One of {', '.join(map(code, schema['enum']))}.")
    required = schema.get("required", [])
    rows = [
        (code(key), "yes" if key in required else "", _type(one), _meaning(one))
        for key, one in schema.get("properties", {}).items()
    ]
    if rows:
        paragraphs.append(table(("property", "required", "type", "meaning"), rows))
    return "\n\n".join(part.strip() for part in paragraphs if part) + "\n"


def _meaning(one: dict[str, Any]) -> str:
    schema = one.get("schema", one)
    parts = [sentence(one.get("description", ""))]
    if "default" in schema:
        parts.append(f"Default: {code(str(schema['default']))}.")
    if schema.get("maxLength") and schema.get("type") == "string":
        parts.append(f"At most {schema['maxLength']:,} characters.")
    if "maximum" in schema:
        parts.append(f"From {schema['minimum']} to {schema['maximum']:,}.")
    return " ".join(filter(None, parts))


def _type(schema: dict[str, Any]) -> str:
    """Return a short name of a type, with links to the schemas that it names."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return f"[{name}](schemas.md#{anchor(name)})"
    if "enum" in schema:
        return ", ".join(map(code, schema["enum"]))
    if "const" in schema:
        return code(schema["const"])
    for several in ("anyOf", "oneOf", "allOf"):
        if several in schema:
            return " or ".join(dict.fromkeys(map(_type, schema[several])))
    if schema.get("type") == "array":
        return f"list of {_type(schema.get('items', {}))}"
    kinds = schema.get("type", "any")
    kind = " or ".join(kinds) if isinstance(kinds, list) else kinds
    return {"date-time": "timestamp", "date": "date", "binary": "file", "uri": "URL"}.get(
        schema.get("format", ""), kind
    )


def _resolved(schema: dict[str, Any]) -> dict[str, Any]:
    name = schema.get("$ref", "").rpartition("/")[2]
    found: dict[str, Any] = document()["components"]["schemas"][name] if name else schema
    return found


def _data(schema: dict[str, Any]) -> str:
    if "$ref" in schema:
        return f"{_type(schema)}: {sentence(_resolved(schema).get('description', ''))}"
    return ", ".join(map(code, schema["properties"])) or "empty"
