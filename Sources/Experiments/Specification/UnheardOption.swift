import JSON
import Text

/// An option `--set` that changes nothing of what a command does: it is of a section that the command does not read.
package struct UnheardOption: Equatable, CustomStringConvertible {
  /// What a command takes from an experiment.
  package enum Reader: Sendable {
    /// Which trained networks are meant.
    case networks
    /// What is to be trained and tested.
    case sweep
    /// Which runs there are.
    case runs
    /// Its name alone.
    case name
    /// The cases and the folds.
    case cases

    fileprivate func reads(_ section: String) -> Bool {
      switch self {
      case .networks, .runs: !["title", "report", "prediction", "test"].contains(section)
      case .sweep: !["title", "report"].contains(section)
      case .name: section == "name"
      case .cases: ["name", "dataset", "folds", "test", "preprocessing", "extends"].contains(section)
      }
    }
  }

  let text: String
  let section: String

  /// Nil for what is heard, and for what is no setting.
  package init?(_ text: String, by reader: Reader) {
    guard let section = (try? Override(text))?.path.first, !reader.reads(section) else { return nil }
    (self.text, self.section) = (text, section)
  }

  package var description: String {
    "--set \(ShellWord.quoted(text)) changes nothing here: this command does not read \(section)"
      + (["title", "report"].contains(section) ? "; `safnet report` does" : "")
  }
}
