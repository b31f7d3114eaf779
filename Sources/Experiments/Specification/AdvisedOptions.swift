import Foundation
import JSON
import Text
import Volumes

extension SpecificationLoader {
  /// The experiment of a file and options; throws every mistake together. Of what is advised in an option's place, only
  /// what would be taken there.
  func specification(
    _ file: URL, _ overrides: [String], assumesCases: Bool
  ) throws(SpecificationErrors) -> Specification {
    do throws(SpecificationErrors) {
      return try read(file, overrides, assumesCases: assumesCases)
    } catch {
      let found = error.errors
      let options = AdvisedOptions(known: found) { option, advised in
        do throws(SpecificationErrors) {
          _ = try read(file, overrides.flatMap { $0 == option ? advised : [$0] }, assumesCases: assumesCases)
          return []
        } catch {
          return error.errors
        }
      }
      throw SpecificationErrors(found.map(options.proven))
    }
  }

  private func read(
    _ file: URL, _ overrides: [String], assumesCases: Bool
  ) throws(SpecificationErrors) -> Specification {
    var errors: [SpecificationError] = []
    let (document, origins) = try self.document(file, overrides, &errors)
    return try Specification(
      document, workingDirectory: workingDirectory, origins: origins, besides: errors, assumesCases: assumesCases,
      networks: networks, losses: losses)
  }
}

/// Options that messages advise in the place of a mistaken one: each is tried before it is shown.
struct AdvisedOptions {
  /// Those of the experiment as it was given.
  let known: [SpecificationError]
  /// Those of the experiment with some options in the place of one.
  let mistakes: (_ option: String, _ advised: [String]) -> [SpecificationError]

  /// The mistake without its advice where following it would be refused, or with what is advised then.
  func proven(_ error: SpecificationError) -> SpecificationError {
    guard case .option(let option)? = error.place?.origin, case .document(let fault) = error.fault else { return error }
    switch fault {
    case .wrongType(let found, let expected):
      let shown = proven(expected, option, mayChange: expected.hasPrefix("an object such as"))
      return SpecificationError(.document(.wrongType(found: found, expected: shown)), at: error.path, error.place)
    case .broken(let rule):
      let shown = proven(rule, option, mayChange: true)
      return SpecificationError(.document(.broken(rule: shown)), at: error.path, error.place)
    default: return error
    }
  }

  /// - Parameter mayChange: whether an advised option may be replaced by what is advised in its own place.
  private func proven(_ words: String, _ option: String, mayChange: Bool) -> String {
    let advised = ShellWord.options(in: words)
    guard !advised.isEmpty, !advised.contains(where: { $0.hasSuffix("=VALUE") }) else { return words }
    guard let refusal = refusals(option, advised).first else { return words }
    if mayChange, case .option(let next)? = refusal.place?.origin, let better = better(than: next, refusal),
      refusals(option, advised.flatMap { $0 == next ? better : [$0] }).isEmpty
    {
      let shown = better.first.map { "--set " + ShellWord.quoted($0) } ?? ""
      return words.replacing("--set " + ShellWord.quoted(next), with: shown).trimmingCharacters(in: .whitespaces)
    }
    let ends = [" such as ", "; ", ": write "].compactMap { words.firstRange(of: $0)?.lowerBound }
    return String(words[..<(ends.min() ?? words.endIndex)])
  }

  /// What is told in the place of an advised option that is refused: another one, or none where it is not needed; nil where
  /// that is not known.
  private func better(than option: String, _ refusal: SpecificationError) -> [String]? {
    guard case .document(let fault) = refusal.fault else { return nil }
    if let shown = ShellWord.options(in: fault.words).first { return [shown] }
    switch fault {
    case .unknownKey(let near?, _):
      var path = (try? Override(option))?.path ?? []
      let place = refusal.path.steps.count - 1
      guard path.indices.contains(place), let sign = option.firstIndex(of: "=") else { return nil }
      path[place] = near
      return [path.joined(separator: ".") + option[sign...]]
    case .wrongType(_, let expected):
      if expected.hasSuffix(Augmentation.isOn) { return [] }
      guard let sign = option.firstIndex(of: "="), let value = expected.ranges(of: "write ").last else { return nil }
      return ["\(option[...sign])\(expected[value.upperBound...])"]
    default: return nil
    }
  }

  /// New mistakes in the advised values themselves; what they conflict with is told next, with what leads on.
  private func refusals(_ option: String, _ advised: [String]) -> [SpecificationError] {
    let paths = advised.compactMap { (try? Override($0))?.path.map { JSONPath.Step.key($0) } }
    return mistakes(option, advised).filter { error in
      guard !known.contains(error), case .document = error.fault else { return false }
      if case .option(let text)? = error.place?.origin, advised.contains(text) { return true }
      return paths.contains { $0.starts(with: error.path.steps) }
    }
  }
}

extension ShellWord {
  /// The options `--set` that a message shows; of several to choose from, the first.
  fileprivate static func options(in words: String) -> [String] {
    let choice = words.firstRange(of: " or --set ")?.lowerBound ?? words.endIndex
    return words[..<choice].split(separator: "--set ").dropFirst().map { rest in
      guard rest.first == "'" else { return String(rest.prefix { !" ;".contains($0) }) }
      // A quote within is closed, escaped and opened again.
      let mark = "\u{0}"
      let text = rest.dropFirst().replacing("'\\''", with: mark).prefix { $0 != "'" }
      return String(text).replacing(mark, with: "'")
    }
  }
}
