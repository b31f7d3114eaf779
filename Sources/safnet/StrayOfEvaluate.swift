import Foundation
import Store
import Text
import Volumes

/// A word too many behind `safnet evaluate`, which takes two.
enum StrayOfEvaluate {
  /// - Parameter words: all of the command's own, options with their values too from the stray one on.
  static func words(_ word: String, _ words: [String]) -> String {
    if let folders = folders(of: words) {
      return "the shell put the files there one by one: give their two folders, `safnet evaluate \(folders)`"
    }
    let start =
      "`safnet evaluate` takes a prediction and its truth, two files or two folders, and '\(word)' is one more: "
    let own = ShellWord.quoted(word)
    if word.lowercased().hasSuffix(".json") {
      return start
        + "a dataset.json that names the structures is given by --labels \(own), an experiment by --experiment \(own)"
    }
    let maps = words.prefix { !$0.hasPrefix("-") }
    if let truth = maps.last, maps.count > 2, maps.allSatisfy(holdsMaps) {
      let each = maps.dropLast().map { "`safnet evaluate \(ShellWord.quoted($0)) \(ShellWord.quoted(truth))`" }
      return start + "give the command once for each, \(each.joined(separator: ", then "))"
    }
    return start + "a run, whose structures are meant, is given by --run RUN"
  }

  /// Whether it is a folder with label maps in it, and no run.
  private static func holdsMaps(_ word: String) -> Bool {
    let folder = URL(fileURLWithPath: word, isDirectory: true)
    return VolumeList.holdsVolumes(folder) && !RunDirectory(folder).exists
  }

  /// The two folders whose content a shell has listed, folders in them too; nil: not all words are there, or of one folder one alone.
  private static func folders(of words: [String]) -> String? {
    let files = words.filter { !$0.hasPrefix("-") }.map { URL(fileURLWithPath: $0) }
    guard files.allSatisfy({ FileManager.default.fileExists(atPath: $0.path) }) else { return nil }
    // Of a name of one letter NSString's deletingLastPathComponent is a trap.
    let parents = files.map { $0.deletingLastPathComponent().relativePath }
    let folders = parents.distinct
    guard folders.count == 2, folders.allSatisfy({ one in parents.count { $0 == one } > 1 }) else { return nil }
    return folders.map { ShellWord.quoted($0) }.joined(separator: " ")
  }
}
