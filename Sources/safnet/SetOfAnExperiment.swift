import ArgumentParser
import Text

/// `--set` of commands that can do without an experiment: it changes one, and says nothing of the runs of a workspace.
enum SetOfAnExperiment {
  static func check(_ options: [String], file: String?, command: String) throws {
    guard file == nil, let first = options.first else { return }
    throw ValidationError(
      "--set \(ShellWord.quoted(first)) changes an experiment, and none is given: safnet \(command) EXPERIMENT --set"
        + " \(ShellWord.quoted(first)), or leave it out to see every run of the workspace.")
  }
}
