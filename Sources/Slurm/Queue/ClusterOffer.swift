import Text

/// What a cluster and its partition give at most, as far as they tell.
package struct ClusterOffer: Equatable, Sendable {
  package var limits: ClusterLimits?
  /// Of the partition: nil where it has none, or said nothing.
  package var longest: SlurmTime?
  /// Bytes and processors of its largest nodes.
  package var memory: Int?
  package var cpus: Int?
  /// What could not be learnt.
  package var silence: [String] = []

  package init() {}

  package init(_ queue: SlurmQueue, partition: String?) {
    limits = queue.limits()
    if limits == nil { silence.append("the controller did not answer: its limits are not known") }
    switch queue.nodes(of: partition) {
    case .none(let reason): silence.append("its nodes are not known (\(reason))")
    case .some(let answer): read(sinfo: answer)
    }
    if cpus == nil, silence.isEmpty {
      silence.append(partition.map { "there is no partition \($0) (`sinfo -s` lists them)" } ?? "it shows no nodes")
    }
  }

  /// `sinfo --format="%l|%c|%m"`: limit, processors and megabytes of each kind of node.
  package mutating func read(sinfo answer: String) {
    for line in answer.split(separator: "\n") {
      let fields = line.split(separator: "|").map { $0.filter { !$0.isWhitespace } }
      guard fields.count == 3, let processors = Self.number(fields[1]), let megabytes = Self.number(fields[2]) else {
        continue
      }
      if let time = SlurmTime(fields[0]) { longest = time.seconds > longest?.seconds ?? 0 ? time : longest }
      (cpus, memory) = (max(cpus ?? 0, processors), max(memory ?? 0, megabytes << 20))
    }
  }

  /// `64`, or `64+` where kinds of nodes are put together.
  private static func number(_ text: String) -> Int? {
    Int(text.prefix(while: \.isNumber)).flatMap { $0 < 1 << 40 ? $0 : nil }
  }

  /// What would be refused, or would wait for ever, and what to change.
  package func findings(_ site: SiteProfile, memory wanted: Int, tasks: Int) -> [String] {
    var found = silence.map { "notice: \($0)" }
    if let time = site.time, let longest, time.seconds > longest.seconds {
      found.append("error: time \(time.text) is more than the partition's \(longest.text); give less")
    }
    if let memory, wanted > memory {
      found.append(
        "error: \(Quantity.bytes(wanted)) for a run; the largest node has \(Quantity.bytes(memory)): a smaller batch, "
          + "less memoryMargin, or another partition")
    }
    if let cpus, site.cpus > cpus { found.append("error: cpus \(site.cpus); the largest node has \(cpus)") }
    if let most = site.maxArray ?? limits?.maxArraySize, tasks > most {
      found.append("notice: \(tasks) runs are handed in as \((tasks + most - 1) / most) arrays, of \(most) at most")
    }
    if let wait = limits?.killWait, site.time == nil {
      found.append(
        "notice: without `time` no warning comes before the partition's limit; \(wait) s are left to save then")
    }
    return found
  }
}
