import Foundation
import Store
import Text
import Volumes

/// A file or a folder in the place of a command, as where a program takes nothing else.
enum FileForCommand {
  /// The commands for it; nil where the word is none of either.
  ///
  /// - Parameter others: the words behind it.
  static func words(_ word: String, _ others: [String]) -> String? {
    let (file, tail) = (word.lowercased(), ([word] + others).map(ShellWord.quoted).joined(separator: " "))
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

  private static func experiment(_ tail: String) -> String {
    "`safnet run \(tail)` trains what an experiment asks for, `safnet status` and `safnet report` with it show what came of"
      + " it."
  }
}
