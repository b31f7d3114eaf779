extension SlurmQueue {
  /// sbatch's own words where this machine has no cluster's configuration; nil where it has one, or that is not sure.
  ///
  /// sbatch reads its configuration whatever it is asked. Its version it tells without a word to the controller, so that one
  /// which is busy or away costs no time and is no reason.
  package func missingConfiguration() -> String? {
    let (answer, status) = commands.call("sbatch", ["--version"])
    return status == 0 ? nil : Self.missingConfiguration(answer)
  }

  /// - Parameter answer: everything that sbatch wrote before it failed, or until nobody waited any longer: for a file that is not
  ///   there it looks again for a minute.
  package static func missingConfiguration(_ answer: String) -> String? {
    // Without a file, controllers are looked for by name. That name service is away, or a controller that it names, is another
    // matter, and passes.
    let isNowhere = answer.contains("DNS SRV lookup failed") && !answer.contains("Host name lookup failure")
    let hasNoFile =
      answer.contains("No such file or directory")
      && ["cannot stat file", "unable to status file"].contains(where: answer.contains)
    guard isNowhere || hasNoFile else { return nil }
    let lines = answer.split(separator: "\n").map {
      $0.replacing("sbatch: error: ", with: "").replacing("sbatch: fatal: ", with: "")
    }
    return lines.suffix(2).joined(separator: "; ")
  }
}
