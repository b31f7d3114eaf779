import Text

/// One key of an object: its name, what it may hold, and which property it fills.
package struct Field<Owner> {
  package let name: String
  package let isRequired: Bool
  package let schema: (Owner?) -> JSONValue
  package let read: (Input, inout Owner, inout [JSONError]) -> Void
  package let write: (Owner) -> JSONValue?
  /// What a missing one could be, as JSON with its key.
  fileprivate var example: String?
  /// False for a field added later whose default is not what its absence means.
  fileprivate var absenceIsDefault: (Owner) -> Bool = { _ in true }

  package init<Value>(
    _ name: String, _ property: WritableKeyPath<Owner, Value>, _ form: Form<Value>, required: Bool = false,
    _ meaning: String
  ) {
    self.init(name, property, { _ in form }, schemaForm: form, required: required, meaning)
  }

  /// A field that was added after records had been stored: left out where it says what every program did before it, so
  /// that the text of a record, and an identity made from it, is the same with and without the field.
  ///
  /// - Parameter absent: what a record without the field means. It must be the default, for good: another default would
  ///   change the meaning of what is stored. To make something else usual, say it where the record is made.
  package init<Value>(
    _ name: String, _ property: WritableKeyPath<Owner, Value>, _ form: Form<Value>, absentMeans absent: Value,
    _ meaning: String
  ) {
    let unwritten = form.write(absent)
    let own = Field(name, property, form, meaning)
    self.init(name: name, isRequired: false, schema: own.schema, read: own.read) { owner in
      let value = own.write(owner)
      return value == unwritten ? nil : value
    }
    absenceIsDefault = { form.write($0[keyPath: property]) == unwritten }
  }

  /// For a value that starts from what its owner already holds: fields are read in the order of their declaration.
  package init<Value>(
    _ name: String, _ property: WritableKeyPath<Owner, Value>, _ form: @escaping (Owner) -> Form<Value>,
    schemaForm: Form<Value>, required: Bool = false, _ meaning: String
  ) {
    self.name = name
    isRequired = required
    schema = { owner in
      let inner = schemaForm.schema(required ? nil : owner?[keyPath: property])
      return .object([("description", .string(meaning))]).with(inner.members(except: "description"))
    }
    read = { input, owner, errors in
      if let value = form(owner).read(input, owner[keyPath: property], &errors) { owner[keyPath: property] = value }
    }
    write = { form($0).write($0[keyPath: property]) }
  }

  /// A key with one possible value, which tells alternatives apart.
  package static func constant(_ name: String, _ text: String) -> Field {
    Field(
      name: name, isRequired: false, schema: { _ in ["const": .string(text)] }, read: { _, _, _ in },
      write: { _ in .string(text) })
  }

  private init(
    name: String, isRequired: Bool, schema: @escaping (Owner?) -> JSONValue,
    read: @escaping (Input, inout Owner, inout [JSONError]) -> Void, write: @escaping (Owner) -> JSONValue?
  ) {
    (self.name, self.isRequired, self.schema, self.read, self.write) = (name, isRequired, schema, read, write)
  }
}

extension Field {
  /// A required field that shows what could stand there where it is missing.
  package func showing(_ example: JSONValue) -> Field {
    var field = self
    field.example = "\(CanonicalJSON.quoted(name)): \(CanonicalJSON.text(example))"
    return field
  }

  /// Whether a value may stand for this field.
  fileprivate func takes(_ input: Input, _ owner: Owner) -> Bool {
    var (scratch, mistakes) = (owner, [JSONError]())
    read(Input(input.node, input.path / name), &scratch, &mistakes)
    return mistakes.isEmpty
  }

  /// What is wrong with a null that stands for this field; nil where none does, or where it means that nothing is said:
  /// `--set field=null` takes away what the files say, as null does in a file that extends another.
  fileprivate func refusalOfNull(_ owner: Input, _ value: Owner) -> JSONError? {
    guard let node = owner.node[name], node.content == .null, !schema(nil).allowsNull else { return nil }
    if case .option = node.place.origin, (node.place.line, node.place.column) == (1, 1) { return nil }
    let input = Input(node, owner.path / name)
    var (scratch, mistakes) = (value, [JSONError]())
    read(input, &scratch, &mistakes)
    guard case .wrongType(_, let expected)? = mistakes.first?.fault else { return mistakes.first }
    return input.error(.nullValue(expected: expected))
  }
}

extension Form {
  /// An object with known keys. Absent ones keep the value of `starting`, else of `initial`; so do those set to `null`
  /// where a field may be that, or where a whole `--set` says so. Unknown ones are mistakes.
  package static func record(_ summary: String, _ initial: Value, _ fields: [Field<Value>]) -> Form {
    for field in fields where !field.absenceIsDefault(initial) {
      preconditionFailure("\(field.name): its default is not what its absence means in stored records")
    }
    return Form(
      schema: { recordSchema(summary, $0, fields) },
      read: { input, starting, errors in
        guard case .object(let members) = input.node.content else {
          errors.append(input.error(input.wrongType("an object" + meant(by: input, starting ?? initial, fields))))
          return nil
        }
        var value = starting ?? initial
        errors += unknownKeys(members, input.path, fields)
        for field in fields {
          if let node = input.node[field.name], node.content != .null {
            field.read(Input(node, input.path / field.name), &value, &errors)
          } else if field.isRequired {
            errors.append(input.error(.missingKey(field.name, example: field.example)))
          } else if let fault = field.refusalOfNull(input, value) {
            errors.append(fault)
          }
        }
        return value
      },
      write: { value in .object(fields.compactMap { field in field.write(value).map { (field.name, $0) } }) })
  }

  /// What a bare word or number in the object's place was meant for, and how it is written.
  private static func meant(by input: Input, _ initial: Value, _ fields: [Field<Value>]) -> String {
    let meant = MeantObject(input.node, recordSchema("", initial, fields))
    guard case .number = input.node.content, !fields.contains(where: \.isRequired) else { return meant.words }
    let numbers = fields.filter { ["integer", "number"].contains($0.schema(nil)["type"] ?? .null) }
    guard let taking = numbers.first(where: { $0.takes(input, initial) }) else { return meant.words }
    return meant.example([taking.name], input.node.value)
  }

  private static func unknownKeys(
    _ members: [JSONMember], _ path: JSONPath, _ fields: [Field<Value>]
  ) -> [JSONError] {
    let known = fields.map(\.name)
    return members.filter { !known.contains($0.key) }.map { member in
      let near = member.key.nearest(in: known)
      // Or one of this very name further down.
      let nearest = near ?? fields.lazy.compactMap { way(to: member.key, in: $0.schema(nil), from: $0.name) }.first
      let fault = JSONError.Fault.unknownKey(nearest: nearest, known: known)
      return JSONError(fault, at: path / member.key, member.place)
    }
  }

  /// Dotted keys from a field to a key below it, at most two objects deep; nil where there is none.
  private static func way(to key: String, in schema: JSONValue, from name: String, depth: Int = 2) -> String? {
    guard depth > 0 else { return nil }
    if case .array(let alternatives)? = schema["anyOf"] {
      return alternatives.lazy.compactMap { way(to: key, in: $0, from: name, depth: depth) }.first
    }
    guard case .object(let properties)? = schema["properties"] else { return nil }
    if properties.contains(where: { $0.0 == key }) { return "\(name).\(key)" }
    return properties.lazy.compactMap { way(to: key, in: $1, from: "\(name).\($0)", depth: depth - 1) }.first
  }

  private static func recordSchema(_ summary: String, _ standard: Value?, _ fields: [Field<Value>]) -> JSONValue {
    let required = fields.filter(\.isRequired).map { JSONValue.string($0.name) }
    return .object(
      [
        ("description", .string(summary)), ("type", "object"),
        ("properties", .object(fields.map { ($0.name, $0.schema(standard)) })),
      ] + (required.isEmpty ? [] : [("required", .array(required))]) + [("additionalProperties", false)])
  }
}

extension JSONNode {
  package var text: String? {
    if case .string(let text) = content { text } else { nil }
  }

  /// What is wrong with this value where one of `words` should stand.
  ///
  /// - Parameter meant: the one that it is called elsewhere; else the most similar is proposed.
  package func isNotOne(of words: [String], meant: String? = nil) -> JSONError.Fault {
    guard let text else { return .wrongType(found: shown, expected: "one of " + words.quotedList) }
    return .notOneOf(found: text, allowed: words, nearest: meant ?? text.nearest(in: words))
  }
}

extension JSONValue {
  /// Whether a schema says that null may stand here.
  fileprivate var allowsNull: Bool {
    guard case .array(let alternatives)? = self["anyOf"] else { return false }
    return alternatives.contains { $0["type"] == "null" }
  }

  package func members(except key: String) -> [(String, JSONValue)] {
    guard case .object(let members) = self else { return [] }
    return members.filter { $0.0 != key }
  }
}

extension [String] {
  /// `"a", "b" or "c"`.
  package var quotedList: String {
    let quoted = map(CanonicalJSON.quoted)
    guard quoted.count > 1 else { return quoted.joined() }
    return quoted.dropLast().joined(separator: ", ") + " or " + quoted[quoted.count - 1]
  }
}
