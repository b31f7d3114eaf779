/// What one JSON value may be: declared once, and used to read it, to write it and to describe it to editors.
///
/// Reading never stops at the first mistake: it adds each to the list and goes on with the value it started from.
package struct Form<Value> {
  /// The JSON Schema of this value; with `default` where one is given.
  package let schema: (_ standard: Value?) -> JSONValue
  /// The value, or nil when the mistake leaves none. `starting` is what absent fields keep.
  package let read: (_ input: Input, _ starting: Value?, _ errors: inout [SpecificationError]) -> Value?
  /// Nil when the value is left out of its object.
  package let write: (Value) -> JSONValue?

  init(
    schema: @escaping (Value?) -> JSONValue,
    read: @escaping (Input, Value?, inout [SpecificationError]) -> Value?,
    write: @escaping (Value) -> JSONValue?
  ) {
    (self.schema, self.read, self.write) = (schema, read, write)
  }

  /// A value without parts: `accept` returns it, or throws what is wrong with it.
  init(
    scalar schema: JSONValue,
    accept: @escaping (Input) throws(Refusal) -> Value,
    write: @escaping (Value) -> JSONValue?
  ) {
    self.schema = { standard in
      guard let shown = standard.flatMap(write) else { return schema }
      return schema.with([("default", shown)])
    }
    self.write = write
    read = { input, _, errors in
      do throws(Refusal) {
        return try accept(input)
      } catch {
        errors.append(input.error(error.fault))
        return nil
      }
    }
  }

  /// The same JSON for another Swift type.
  func map<Other>(_ there: @escaping (Value) -> Other, _ back: @escaping (Other) -> Value) -> Form<Other> {
    Form<Other>(
      schema: { schema($0.map(back)) },
      read: { read($0, $1.map(back), &$2).map(there) },
      write: { write(back($0)) })
  }
}

/// One JSON value and where it stands.
package struct Input {
  package let node: JSONNode
  package let path: JSONPath

  package init(_ node: JSONNode, _ path: JSONPath = JSONPath()) { (self.node, self.path) = (node, path) }

  func error(_ fault: SpecificationError.Fault) -> SpecificationError {
    SpecificationError(fault, at: path, node.place)
  }

  func wrongType(_ expected: String) -> SpecificationError.Fault {
    .wrongType(found: node.shown, expected: expected)
  }
}

struct Refusal: Error {
  var fault: SpecificationError.Fault
  init(_ fault: SpecificationError.Fault) { self.fault = fault }
}
