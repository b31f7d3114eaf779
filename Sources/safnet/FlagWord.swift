import ArgumentParser
import Foundation
import Text
import Volumes

/// A word behind an option that takes no value.
enum FlagWord {
  /// Of a file that is not there: that it may have been meant for the option before it, and the command without it; nil
  /// where none stands there, or nothing else is given that is there.
  ///
  /// - Parameter given: the words of the command line.
  static func words(_ error: any Error, _ given: [String], below root: any ParsableCommand.Type) -> String? {
    guard case .nothingThere(let file, _)? = (error as? DatasetErrors)?.problems.first,
      let place = given.lastIndex(where: { !$0.hasPrefix("-") && URL(fileURLWithPath: $0).path == file }), place > 0
    else { return nil }
    let (command, depth) = StrayArgument.command(of: given, root)
    let others = own(of: given, from: depth, flags(of: command)).filter { $0 != place }
    guard others.contains(where: { FileManager.default.fileExists(atPath: given[$0]) }) else { return nil }
    return words(at: place, of: given, command)
  }

  /// Nil where no such option stands before the word.
  static func words(at place: Int, of given: [String], _ command: any ParsableCommand.Type) -> String? {
    guard place > 0, flags(of: command).contains(given[place - 1]) else { return nil }
    var rest = given
    rest.remove(at: place)
    return
      "\(given[place - 1]) takes no value here: if \(ShellWord.quoted(given[place])) was meant for it, type"
      + " `\(MeantCommand.typed(rest))`"
  }

  /// The options of a command that take no value, as help lists them.
  static func flags(of command: any ParsableCommand.Type) -> Set<String> {
    let lines = command.helpMessage(columns: 400).split(separator: "\n").filter { $0.hasPrefix("  -") }
    let names = lines.map { line -> Substring in
      let names = line.dropFirst(2)
      return names.firstRange(of: "  ").map { names[..<$0.lowerBound] } ?? names
    }
    return Set(names.filter { !$0.contains("<") }.flatMap { $0.split { ", /".contains($0) } }.map(String.init))
  }

  /// The places of the words that are neither options nor values of one.
  static func own(of given: [String], from depth: Int, _ flags: Set<String>) -> [Int] {
    given.indices.filter { index in
      guard index >= depth, !given[index].hasPrefix("-") else { return false }
      guard index > depth, given[index - 1].hasPrefix("-") else { return true }
      return given[index - 1].contains("=") || flags.contains(given[index - 1])
    }
  }
}
