import JSON
import Networks

extension Form where Value == AnyLoss {
  /// A loss: its name, or an object with its `kind` and some of its fields.
  ///
  /// Written as its name where every field has its default, else with the fields that have not, so that plans keep their
  /// identity when a loss gets another field.
  static func loss(_ registry: LossRegistry) -> Form {
    let names = registry.losses.map { $0.name }
    let objects = Form.tagged(registry.losses.map { alternative($0) })
    return Form(
      schema: { standard in
        .object(
          [("anyOf", [["enum": .array(names.map { .string($0) })], objects.schema(standard)])]
            + (standard.map { [("default", .string($0.name))] } ?? []))
      },
      read: { input, starting, errors in
        if case .object = input.node.content { return objects.read(input, starting, &errors) }
        guard let type = registry.losses.first(where: { $0.name == input.node.text }) else {
          let meant = input.node.text.flatMap(Self.name(ofOther:)).flatMap { names.contains($0) ? $0 : nil }
          errors.append(input.error(input.node.isNotOne(of: names, meant: meant)))
          return nil
        }
        return AnyLoss(type.init())
      },
      // A loss writes itself: what is written never depends on who else there is.
      write: { written($0.value) })
  }

  /// A loss as PyTorch, MONAI and nnU-Net call it; nil of words that they do not have.
  private static func name(ofOther word: String) -> String? {
    var plain = word.lowercased().filter { $0.isLetter || $0.isNumber }
    if plain.hasSuffix("loss") { plain.removeLast("loss".count) }
    return [
      "ce": "crossEntropy", "crossentropy": "crossEntropy", "dice": "dice", "nll": "crossEntropy",
      "xent": "crossEntropy", "softmaxcrossentropy": "crossEntropy",
      "dicece": "diceCrossEntropy", "cedice": "diceCrossEntropy", "dcandce": "diceCrossEntropy",
      "dcce": "diceCrossEntropy", "diceandce": "diceCrossEntropy", "dicecrossentropy": "diceCrossEntropy",
      "softdice": "dice", "dc": "dice", "generalizeddice": "dice",
    ][plain]
  }

  private static func written<Own: Loss>(_ loss: Own) -> JSONValue {
    let form = record(Own.self)
    guard AnyLoss(loss) != AnyLoss(Own()), let own = form.write(loss), let usual = form.write(Own()) else {
      return .string(Own.name)
    }
    return .object(own.members(except: "").filter { $0.0 == "kind" || usual[$0.0] != $0.1 })
  }

  private static func record<Own: Loss>(_ type: Own.Type) -> Form<Own> {
    .record(Own.summary, Own(), [Field<Own>.constant("kind", Own.name)] + Own.fields.map(\.field))
  }

  private static func alternative<Own: Loss>(_ type: Own.Type) -> Alternative<AnyLoss> {
    Alternative(Own.name, Own(), record(type), { AnyLoss($0) }) { $0.value as? Own }
  }
}

extension LossField {
  fileprivate var field: Field<Owner> {
    switch self {
    case .number(let name, let path, let least, let meaning): Field(name, path, .number(.atLeast(least)), meaning)
    case .flag(let name, let path, let meaning): Field(name, path, .flag, meaning)
    case .choice(let name, let path, let words, let meaning):
      Field(
        name, path, Form<Word>.choice(words.map(Word.init)).map({ $0.rawValue }, { Word(rawValue: $0) }), meaning)
    }
  }
}

private struct Word: RawRepresentable {
  let rawValue: String
}
