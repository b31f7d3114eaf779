import Text

extension Form {
  /// Objects told apart by `kind`; each alternative's record holds a constant field of that name.
  ///
  /// Without `kind` the object goes on from `starting`; with another kind it starts from that kind's defaults.
  package static func tagged(_ alternatives: [Alternative<Value>]) -> Form {
    let kinds = alternatives.map(\.kind)
    return Form(
      schema: { standard in
        ["anyOf": .array(alternatives.map { $0.form.schema(standard.map($0.holds) == false ? $0.standard : standard) })]
      },
      read: { input, starting, errors in
        let own = alternatives.first { starting.map($0.holds) ?? true } ?? alternatives[0]
        if let kind = input.node.text?.nearest(in: kinds) {
          let meant = MeantObject(input.node).example(["kind"], .string(kind))
          errors.append(input.error(input.wrongType("an object" + meant)))
          return nil
        }
        guard case .object = input.node.content, let kind = input.node["kind"] else {
          return own.form.read(input, starting, &errors)
        }
        guard let text = kind.text, let chosen = alternatives.first(where: { $0.kind == text }) else {
          errors.append(Input(kind, input.path / "kind").error(kind.isNotOne(of: kinds)))
          return nil
        }
        return chosen.form.read(input, starting, &errors)
      },
      write: { value in alternatives.first { $0.holds(value) }?.form.write(value) })
  }
}

/// One of several kinds of object.
package struct Alternative<Value> {
  package let kind: String
  package let standard: Value
  package let form: Form<Value>
  package let holds: (Value) -> Bool

  package init<Payload>(
    _ kind: String, _ standard: Payload, _ form: Form<Payload>, _ wrap: @escaping (Payload) -> Value,
    _ unwrap: @escaping (Value) -> Payload?
  ) {
    self.kind = kind
    self.standard = wrap(standard)
    holds = { unwrap($0) != nil }
    self.form = Form(
      schema: { form.schema($0.flatMap(unwrap)) },
      read: { form.read($0, $1.flatMap(unwrap), &$2).map(wrap) },
      write: { unwrap($0).flatMap(form.write) })
  }
}
