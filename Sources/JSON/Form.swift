/// What one JSON value may be: declared once, and used to read it, to write it and to describe it to editors.
///
/// Reading never stops at the first mistake: it adds each to the list and goes on with the value it started from.
package struct Form<Value> {
  /// The JSON Schema of this value; with `default` where one is given.
  package let schema: (_ standard: Value?) -> JSONValue
  /// The value, or nil when the mistake leaves none. `starting` is what absent fields keep.
  package let read: (_ input: Input, _ starting: Value?, _ errors: inout [JSONError]) -> Value?
  /// Nil when the value is left out of its object.
  package let write: (Value) -> JSONValue?

  package init(
    schema: @escaping (Value?) -> JSONValue,
    read: @escaping (Input, Value?, inout [JSONError]) -> Value?,
    write: @escaping (Value) -> JSONValue?
  ) {
    (self.schema, self.read, self.write) = (schema, read, write)
  }

  /// A value without parts: `accept` returns it, or throws what is wrong with it.
  package init(
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

  /// The same, where a word such as `none` or `off` is told what says that here.
  ///
  /// - Parameter json: that value.
  package func saying(none json: String) -> Form {
    Form(
      schema: schema,
      read: { input, starting, errors in
        guard let refusal = input.refusal(ofWordFor: self, none: json) else { return read(input, starting, &errors) }
        errors.append(refusal)
        return nil
      },
      write: write)
  }

  /// The same JSON for another Swift type.
  package func map<Other>(_ there: @escaping (Value) -> Other, _ back: @escaping (Other) -> Value) -> Form<Other> {
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

  package func error(_ fault: JSONError.Fault) -> JSONError {
    JSONError(fault, at: path, node.place)
  }

  /// - Parameter isAllowed: whether such a number may stand here.
  package func wrongType(_ expected: String, _ isAllowed: (Double) -> Bool = { _ in true }) -> JSONError.Fault {
    .wrongType(found: node.shown, expected: expected + node.valueHint(expected, isAllowed))
  }

  /// What is wrong with a word such as `none` or `off`, and what says that here; nil for every other value.
  ///
  /// - Parameters:
  ///   - form: of what would stand there else.
  ///   - none: as JSON.
  func refusal<Value>(ofWordFor form: Form<Value>, none: String) -> JSONError? {
    guard node.isWordForNothing else { return nil }
    var mistakes: [JSONError] = []
    // Null is meant for nothing else, so that only the type is told.
    let null = JSONNode(.null, SourcePlace(node.place.origin, line: node.place.line, column: node.place.column + 1))
    _ = form.read(Input(null, path), nil, &mistakes)
    guard case .wrongType(_, let expected)? = mistakes.first?.fault else { return nil }
    return error(.wrongType(found: node.shown, expected: "\(expected); write \(node.asSet(none))"))
  }
}

/// What is wrong with a value without parts; `Form` adds where it stands.
package struct Refusal: Error {
  package var fault: JSONError.Fault
  package init(_ fault: JSONError.Fault) { self.fault = fault }
}
