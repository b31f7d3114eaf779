import JSON

extension Specification {
  /// The JSON Schema (draft 2020-12) of an experiment file, from the same declarations that read it; editors complete
  /// and check with it. What only shows between values, or once files are merged, is for `safnet validate`.
  package static var schema: String {
    let body = form().schema(Specification())
    let links: [(String, JSONValue)] = [
      ("$schema", ["description": "This schema, for editors", "type": "string"]),
      (
        "extends",
        [
          "description": "An experiment file, relative to this one, whose fields this one changes; null takes one away",
          "type": "string",
        ]
      ),
    ]
    guard case .object(var properties)? = body["properties"], let required = body["required"],
      let dataset = properties.firstIndex(where: { $0.0 == "dataset" })
    else { preconditionFailure("an experiment is a record with a dataset") }
    let complete: JSONValue = [
      "required": required, "properties": ["dataset": ["required": properties[dataset].1["required"] ?? []]],
    ]
    properties[dataset].1 = .object(properties[dataset].1.members(except: "required"))
    let document: JSONValue = .object([
      ("$schema", "https://json-schema.org/draft/2020-12/schema"),
      ("title", "safnet experiment"),
      ("description", body["description"]!),
      ("type", "object"),
      ("properties", .object(links + properties)),
      ("required", ["name"]),
      ("anyOf", [["required": ["extends"]], complete]),
      ("additionalProperties", false),
    ])
    return CanonicalJSON.pretty(document) + "\n"
  }
}
