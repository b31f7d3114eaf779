import Experiments
import Models
import Networks
import Text

/// An option as other programs of this field call it (nnU-Net, MONAI, Lightning, argparse), and what takes its place here.
struct ForeignOption {
  /// Without dashes, as it was typed.
  private let typed: String
  private let name: String
  /// As it was given; nil where none was.
  let value: String?
  private let given: [String]

  /// - Parameters:
  ///   - option: as it was typed, dashes and all.
  ///   - given: the words of the command line, among which its value may be.
  init(_ option: String, in given: [String]) {
    self.given = given
    let parts = option.split(separator: "=", maxSplits: 1).map(String.init)
    typed = String(parts[0].drop { $0 == "-" })
    name = typed.lowercased().replacing("_", with: "-")
    let place = given.firstIndex { $0 == option || $0.hasPrefix(option + "=") }
    let behind = place.flatMap { $0 + 1 < given.count && !given[$0 + 1].hasPrefix("-") ? given[$0 + 1] : nil }
    let joined = place.flatMap { given[$0].split(separator: "=", maxSplits: 1).dropFirst().first.map(String.init) }
    value = joined ?? behind
  }

  /// What a command does in its place; nil where that is not known.
  ///
  /// - Parameter command: with the group that it is of.
  func words(for command: String) -> String? {
    let own = (ForeignHabits.ofCommands[command] ?? []).first { $0.names.contains(name) }?.words
    if ["chk", "checkpoint-name"].contains(name), let value, let words = ForeignValue.words(value, of: "--checkpoint") {
      return words
    }
    if ["m", "multirun"].contains(name), let words = multirun(command) { return words }
    // Hydra's and OpenMMLab's way of changing a field.
    if command == "run", own != nil, let value, value.wholeMatch(of: /\w+(\.\w+)*=.+/) != nil {
      return "A field of the experiment is changed by --set \(ShellWord.quoted(value))"
    }
    if command != "run", let own { return withValue(own) }
    return (ForeignHabits.anywhere.first { $0.names.contains(name) }?.words ?? own).map(withValue)
  }

  /// Hydra's `-m training.epochs=3,4`: several values of one field.
  private func multirun(_ command: String) -> String? {
    guard command == "run", let value,
      let match = value.wholeMatch(of: /\+{0,2}(?<path>(training|model)(\.\w+)+)=(?<values>[\w.+\-]+(,[\w.+\-]+)+)/)
    else { return nil }
    let grid = "grid.\(match.path)=[\(match.values)]"
    return "Several values of a field are tried by a grid: --set \(ShellWord.quoted(grid))"
  }

  /// Of a place to write to, where the command has an option for that.
  ///
  /// - Parameter options: the command's own.
  func output(among options: Set<String>) -> String? {
    let isGiven = given.contains { ["-o", "--output"].contains($0.prefix { $0 != "=" }) }
    guard ForeignHabits.places.contains(name), options.contains("--output"), !isGiven else { return nil }
    return "Where it writes is said by --output: --output \(ShellWord.quoted(value ?? "VALUE"))"
  }

  private func withValue(_ words: String) -> String {
    words.replacing("name=VALUE", with: ShellWord.quoted(named))
      .replacing("PREDICTION", with: pathOf(ForeignHabits.predictions) ?? "PREDICTION")
      .replacing("TRUTH", with: pathOf(ForeignHabits.truths) ?? "TRUTH")
      .replacing("GIVEN", with: value.map(NNUNetNumber.dataset) ?? "DATASET")
      .replacing("PLAIN", with: value ?? "CASE")
      .replacing("VALUE", with: ShellWord.quoted(value ?? "VALUE")).replacing("OPTION", with: "--\(name)")
  }

  /// The value of the first option of these names.
  private func pathOf(_ names: Set<String>) -> String? {
    let options = given.filter { $0.hasPrefix("-") }.map { ForeignOption($0, in: given) }
    return options.first { names.contains($0.name) }?.value.map(ShellWord.quoted)
  }

  /// The field of an experiment that it is; nil where it is none, or the option of another command that this one does not do
  /// the work of.
  func field(for command: String) -> String? {
    guard let place else { return nil }
    if place.contains(" ") {
      return command != "run" && ForeignHabits.places.contains(name) ? nil : "That is \(place)."
    }
    let path = Self.mainField[place] ?? place
    if path == "dataset.path", !given.contains(where: { $0.lowercased().hasSuffix(".json") }) {
      return
        "An experiment names its dataset: `safnet new \(value.map(NNUNetNumber.dataset) ?? "DATASET") -o study.json`"
        + " writes one for it."
    }
    let written = written(for: path)
    if path == "model.kind", written == "KIND" {
      return
        "Networks are called \(NetworkRegistry.standard.kinds.joined(separator: ", ")), and \"kind\" of \"model\" in an"
        + " experiment names one; `safnet new DATASET -o study.json --recipe nnunet` writes one as nnU-Net plans it."
    }
    return "A field of the experiment is changed by --set \(ShellWord.quoted("\(path)=\(written)"))"
  }

  /// Of a field of the experiment that `safnet new` writes; nil where it is none that can be changed afterwards.
  var fieldOfNew: String? {
    guard let place, !place.contains(" "), !place.hasPrefix("dataset") else { return nil }
    let path = Self.mainField[place] ?? place
    let output = given.indices.dropLast().first { ["-o", "--output"].contains(given[$0]) }.map { given[$0 + 1] }
    let setting = path == "name" ? named : "\(path)=\(written(for: path))"
    let words = ["run", output ?? "study.json", "--set", setting]
    return "The experiment that is written says that: change \(setting.prefix { $0 != "=" }) in it, or give"
      + " `\(MeantCommand.typed(words))`."
  }

  /// The setting of an experiment's name; of its title, where the value is none that a file can have.
  private var named: String {
    let name = value ?? "VALUE"
    return "\(name.wholeMatch(of: /[A-Za-z0-9][A-Za-z0-9._\-]*/) == nil ? "title" : "name")=\(name)"
  }

  private var place: String? { Self.ofLetters[name] ?? dotted ?? KeyPlaces().of(name).first ?? denied }

  /// Of an option that is no field either.
  static let anyField =
    "What an experiment says is changed by --set key.path=value; docs/keys.md has every key, --help every option."

  /// `--training.epochs` and `--trainer.max_epochs`: a path, be it one of ours or not.
  private var dotted: String? {
    guard typed.contains("."), let key = typed.split(separator: ".").last else { return nil }
    let places = KeyPlaces().of(String(key))
    return places.contains { typed == $0 || typed.hasSuffix("." + $0) } ? typed : places.first
  }

  /// `--no-augment`, of what can be left out.
  private var denied: String? {
    guard name.hasPrefix("no-") else { return nil }
    return KeyPlaces().of(String(name.dropFirst(3))).first { $0 == Self.deniable }
  }

  private static let deniable = "augmentation"

  // MARK: Fields

  /// Of objects, what an option of one word can mean.
  private static let mainField = ["model": "model.kind", "dataset": "dataset.path"]
  private static let ofLetters = [
    "d": "dataset.path", "tr": "model.kind", "e": "training.epochs", "b": "training.batch",
  ]

  /// The value as the field wants it; three numbers are written in many ways, and networks have other names elsewhere.
  private func written(for path: String) -> String {
    if path == Self.deniable, value == nil { return name.hasPrefix("no") ? "false" : "true" }
    if path == "training.precision", value?.contains("16") != false { return "bfloat16" }
    if path == "training.precision", value?.contains("32") == true { return "float32" }
    if path == "dataset.path", let value, Int(value) != nil { return NNUNetNumber.dataset(value) }
    if path == "model.kind", let value, !NetworkRegistry.standard.kinds.contains(value) {
      return value.lowercased().nearest(in: NetworkRegistry.standard.kinds) ?? "KIND"
    }
    if path == "dataset.exclude" { return #"[{"case":"\#(value ?? "CASE")","reason":"..."}]"# }
    let isExtent = ["training.patch", "preprocessing.size", "preprocessing.spacing"].contains(path)
    guard isExtent else { return value ?? "VALUE" }
    let numbers = (value ?? "").split { ",xX ()[]".contains($0) }
    return numbers.count == 3 ? "[\(numbers.joined(separator: ","))]" : "[D,H,W]"
  }

  /// A device as PyTorch calls it.
  static func device(_ value: String) -> String? {
    if value.lowercased().hasPrefix("cpu") {
      return "The processor computes where --engine pjrt and --device are left out."
    }
    guard let match = value.lowercased().wholeMatch(of: /(cuda|gpu|mps)(:(?<number>[0-9]+))?/) else { return nil }
    let number = match.number.map(String.init) ?? "0"
    return "A graphics card is chosen by its number: --engine pjrt --device \(number); `safnet devices` lists them."
  }
}
