extension FakeCluster {
  /// A task of a job array, and its worker.
  struct Task {
    let job: Int
    let task: Int
    let name: String
    let run: String
    var state = "PENDING"
    var since: Double
    var endsAt = 0.0
    var fate = ""
    var worked = 0.0
    var visibleFrom: Double
    var isHeld = false
    var failedLaunches = 0
  }
}

extension FakeCluster.Task {
  var isAlive: Bool { ["PENDING", "RUNNING", "COMPLETING"].contains(state) }

  /// What `squeue` prints of it.
  func row(suffix: String, nodes: Int) -> String {
    "\(job)|\(task)|\(state)\(suffix)|\(reason)|"
      + "\(state == "PENDING" ? "" : "node\(job % nodes)")|\(name)\n"
  }

  private var reason: String {
    isHeld ? "launch failed requeued held" : state == "PENDING" ? "Priority" : "None"
  }
}
