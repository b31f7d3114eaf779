/// Why a job waits, as squeue says it, in words and with what can be done.
package enum PendingReason {
  package static func words(_ reason: String) -> String {
    if let known = known[reason] { return "\(reason): \(known)" }
    if reason.hasPrefix("ReqNodeNotAvail") { return "\(reason): its nodes are reserved or down" }
    if reason.contains("MaxSubmit") || reason.contains("MaxJobs") {
      return "\(reason): you have as many jobs as you may; it waits for one to end"
    }
    if reason.hasPrefix("Assoc") || reason.hasPrefix("QOS") {
      return "\(reason): a limit of your account or QOS; it waits, or ask whoever runs the cluster"
    }
    if isFailedLaunch(reason) { return "\(reason): see the node's log; scontrol release starts it again" }
    return reason.isEmpty || reason == "None" ? "in the queue" : reason
  }

  private static let known = [
    "Resources": "it is next, when nodes are free",
    "Priority": "others come first",
    "Dependency": "it waits for another job",
    "BeginTime": "it goes on in a moment",
    "JobArrayTaskLimit": "as many runs at once as `atOnce` allows",
    "JobHeldUser": "you hold it; scontrol release lets it go",
    "JobHeldAdmin": "an administrator holds it",
    "PartitionDown": "its partition is down",
    "PartitionInactive": "its partition takes no jobs",
    "PartitionTimeLimit":
      "it asks for more time than its partition gives: less `time` in the site's file, then cancel and run again",
    "PartitionNodeLimit":
      "no node of its partition fits it: less `cpus` or `memory` in the site's file, then cancel and run again",
    "BadConstraints": "no node has what `constraint` asks for: change it in the site's file, then cancel and run again",
    "InvalidAccount": "`account` in the site's file is wrong",
    "InvalidQOS": "`qos` in the site's file is wrong",
    "NodeDown": "its node is down",
    "Reservation": "it waits for its reservation",
    "Licenses": "it waits for a licence",
    "Cleaning": "it is being taken back into the queue",
  ]

  /// Nobody but a person ends this wait.
  package static func needsSomebody(_ reason: String) -> Bool {
    ["PartitionTimeLimit", "PartitionNodeLimit", "BadConstraints", "InvalidAccount", "InvalidQOS", "JobHeldAdmin"]
      .contains(reason) || isFailedLaunch(reason)
  }

  /// A node could not start the job, and Slurm holds it: squeue writes blanks or underscores.
  package static func isFailedLaunch(_ reason: String) -> Bool {
    reason.replacing("_", with: " ").localizedStandardContains("launch failed")
  }
}
