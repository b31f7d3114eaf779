import ArgumentParser
import Workbench

/// `--notify` and when it is called.
struct AlertOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Call this command (/bin/sh -c) with a JSON line at its standard input when a run has finished, failed, diverged or"
        + " stalled, when the disk is nearly full, and when the sweep is over; docs/alerts.md lists the keys.",
      valueName: "command"))
  var notify: String?
  @Option(
    help: ArgumentHelp("Minutes without a sign of a run's worker until it counts as stalled.", valueName: "minutes"))
  var notifySilence = 10.0
  @Option(help: ArgumentHelp("Call when less than this is left on the workspace's disk.", valueName: "GB"))
  var notifyDisk = 5.0

  func validate() throws {
    if notify?.allSatisfy(\.isWhitespace) == true { throw ValidationError("--notify takes a command") }
    if let words = notify.flatMap(NotifyAddress.words) { throw ValidationError("--notify: \(words)") }
    if let word = notify.flatMap(Notifier.missingProgram) {
      throw ValidationError(
        "--notify: there is no command \(word) that could be called; give one that is in PATH, or the path of a file that may be"
          + " executed (chmod +x)")
    }
    guard notifySilence > 0, notifySilence < 1e6 else {
      throw ValidationError("--notify-silence takes minutes above 0")
    }
    guard notifyDisk >= 0, notifyDisk < 1e6 else { throw ValidationError("--notify-disk takes gigabytes, 0 or more") }
  }

  var limits: AlertLimits {
    var limits = AlertLimits()
    (limits.silence, limits.disk) = (60 * notifySilence, Int(notifyDisk * 1e9))
    return limits
  }
}
