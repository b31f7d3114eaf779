import Text

/// Numbers as nnU-Net's command line takes them: a dataset by its own, folds from 0.
enum NNUNetNumber {
  /// The folder of a dataset, which is given by its path here.
  static func dataset(_ given: String) -> String {
    guard let number = Int(given), number >= 0 else { return ShellWord.quoted(given) }
    let digits = "\(number)"
    return "PATH/OF/Dataset\(String(repeating: "0", count: max(0, 3 - digits.count)))\(digits)_NAME"
  }

  /// Few enough that no other number is meant.
  static let folds = 0...9

  /// Of dataset, configuration and fold, as `nnUNetv2_train` takes them.
  static func training(_ first: String, _ rest: [String]) -> String {
    let fold = rest.compactMap(Int.init).first(where: folds.contains) ?? 0
    let isExperiment = first.lowercased().hasSuffix(".json")
    let file = isExperiment ? ShellWord.quoted(first) : "study.json"
    return "that is how nnU-Net is called. Here an experiment's file says dataset, network and folds: "
      + (isExperiment ? "" : "`safnet new \(dataset(first)) -o study.json` writes one for a dataset's folder, ")
      + "`safnet run \(file) --folds \(fold + 1)` trains its fold \(fold), as nnU-Net counts"
  }

  /// Of a number where an option belongs: the same command with it; nil of one that is no fold.
  ///
  /// - Parameters:
  ///   - place: where it stands in the words of the command line.
  ///   - given: those words.
  ///   - last: the last fold, as they are counted here; nil where that is not known.
  static func fold(at place: Int, of given: [String], last: Int?) -> String? {
    guard let number = Int(given[place]), folds.contains(number), !given[place - 1].hasPrefix("-") else { return nil }
    let meant = [number, number + 1].filter { (1...(last ?? folds.count)).contains($0) }
    guard let first = meant.first else { return nil }
    func command(_ fold: Int) -> String {
      var words = ["safnet"] + given
      words.replaceSubrange((place + 1)...(place + 1), with: ["--folds", "\(fold)"])
      return "`\(words.map(ShellWord.quoted).joined(separator: " "))`"
    }
    return "folds are chosen by --folds and counted from 1, by nnU-Net from 0: \(command(first))"
      + (meant.count == 1 ? "" : ", or \(command(number + 1)) for nnU-Net's \(number)")
  }
}
