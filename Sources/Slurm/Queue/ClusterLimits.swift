/// What `scontrol show config` says that matters to a sweep.
package struct ClusterLimits: Equatable, Sendable {
  /// Tasks of one array: the largest task's number is one less.
  package var maxArraySize: Int?
  /// Seconds for which squeue remembers a job that has ended.
  package var minJobAge: Int?
  /// Seconds between SIGTERM and SIGKILL.
  package var killWait: Int?
  /// Whether sacct can know anything.
  package var hasAccounting = false
  package var version: String?

  package init() {}

  package init(scontrolConfig answer: String) {
    var values: [String: String] = [:]
    for line in answer.split(separator: "\n") {
      guard let sign = line.firstIndex(of: "=") else { continue }
      let key = line[..<sign].filter { !$0.isWhitespace }
      values[key] = String(line[line.index(after: sign)...].drop(while: \.isWhitespace))
    }
    func number(_ key: String) -> Int? { values[key].flatMap { Int($0.prefix(while: \.isNumber)) } }
    (maxArraySize, minJobAge, killWait) = (number("MaxArraySize"), number("MinJobAge"), number("KillWait"))
    hasAccounting = values["AccountingStorageType"].map { !$0.contains("none") && !$0.isEmpty } ?? false
    version = values["SLURM_VERSION"]
  }
}
