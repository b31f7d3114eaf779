import ArgumentParser
import Foundation
import Store
import Text
import Volumes

/// A file or a folder in the place of a command, as where a program takes nothing else.
enum FileForCommand {
  /// The commands for it; nil where the word is none of either.
  ///
  /// - Parameter others: the words behind it.
  static func words(_ word: String, _ others: [String], below root: any ParsableCommand.Type) -> String? {
    let (file, tail) = (word.lowercased(), tail(word, others, of: ["run"], root))
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: word, isDirectory: &isFolder) else {
      return file.hasSuffix(".json") ? experiment(tail) + " There is no such file yet." : nil
    }
    let own = ShellWord.quoted(word)
    if isFolder.boolValue {
      if RunDirectory(URL(fileURLWithPath: word, isDirectory: true)).exists {
        return "`safnet runs show \(own)` shows the run."
      }
      if Workspace(URL(fileURLWithPath: word, isDirectory: true)).exists {
        return "`safnet status --workspace \(own)` shows its runs."
      }
      return
        "`safnet dataset check \(own)` looks at a dataset, `safnet new \(own) -o study.json` writes an experiment for it."
    }
    if file.hasSuffix(".json") { return experiment(tail) }
    if NIfTIFiles.isSingle(file) {
      return "`safnet predict RUN \(own) --output FOLDER` segments it."
    }
    return file.hasSuffix(".csv") ? "`safnet dataset check \(own)` looks at the cases that it lists." : nil
  }

  /// The commands of a group for it; nil where nothing is called so.
  ///
  /// - Parameter group: what stands before it, such as `import`.
  static func words(
    _ word: String, _ others: [String], behind group: String, below root: any ParsableCommand.Type
  ) -> String? {
    guard FileManager.default.fileExists(atPath: word) else { return nil }
    let (own, isJSON) = (ShellWord.quoted(word), word.lowercased().hasSuffix(".json"))
    // What is missing of it beside, the parser tells.
    let tail =
      group == "import" && others.first?.hasPrefix("-") == true
      ? typed([word] + others) : tail(word, others, of: [group, "check"], root)
    return switch group {
    case "import" where isJSON:
      "`safnet import predictions FOLDER --experiment \(own) --name NAME` takes a folder of label maps, `safnet import nnunet` a"
        + " results folder of nnU-Net v2."
    case "import":
      "`safnet import predictions \(tail)` takes a folder of label maps, `safnet import nnunet \(tail)` a results folder of"
        + " nnU-Net v2."
    case "dataset": "`safnet dataset check \(tail)` looks at the dataset, or at that of an experiment."
    case "runs" where isJSON:
      "`safnet status \(own)` shows the runs of an experiment, `safnet runs list` all of a workspace."
    case "runs" where RunDirectory(URL(fileURLWithPath: word, isDirectory: true)).exists:
      "`safnet runs show \(own)` shows the run."
    case "runs": "`safnet runs list --workspace \(own)` lists the runs of a workspace."
    default: nil
    }
  }

  /// The word with the others, where the command takes them.
  private static func tail(
    _ word: String, _ others: [String], of command: [String], _ root: any ParsableCommand.Type
  ) -> String {
    typed(MeantCommand.isTaken(command + [word] + others, below: root) ? [word] + others : [word])
  }

  private static func typed(_ words: [String]) -> String { words.map(ShellWord.quoted).joined(separator: " ") }

  private static func experiment(_ tail: String) -> String {
    "`safnet run \(tail)` trains what an experiment asks for, `safnet status` and `safnet report` with it show what came of"
      + " it."
  }
}
