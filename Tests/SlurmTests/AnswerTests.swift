import Slurm
import Testing

/// What Slurm's programs write.
@Suite struct AnswerTests {
  @Test(arguments: [
    ("RUNNING", JobState.running(.running)), ("RUNNING+", .running(.running)), ("COMPLETING", .running(.completing)),
    ("CANCELLED by 0", .ended(.cancelled)), ("PENDING", .waiting(.pending)), ("REQUEUE_HOLD", .waiting(.requeueHold)),
    ("OUT_OF_MEMORY", .ended(.outOfMemory)), ("NODE_FAIL", .ended(.nodeFailure)), ("WHATEVER", .unknown("WHATEVER")),
    ("", .unknown("")),
  ])
  func statesAreReadWithTheirSuffixes(text: String, state: JobState) { #expect(JobState(text) == state) }

  @Test func everyEndHasItsWords() {
    for word in JobState.Word.allCases where JobState(word.rawValue).isEnded {
      #expect(!word.endWords.hasPrefix("is "))
    }
  }

  @Test func squeueIsReadLineByLine() {
    let answer = """
      slurm_load_jobs warning: something else
      17|0|RUNNING|None|node1|safnet-x-1
      17|1|PENDING|Resources||safnet-x-1
      17|2|CANCELLED by 1000|None|(null)|safnet-x-1
      18|N/A|RUNNING|None|node2|another

      """
    let rows = QueueRow.squeue(answer)
    #expect(rows.map(\.task) == [0, 1, 2])
    #expect(rows.map(\.state) == [.running(.running), .waiting(.pending), .ended(.cancelled)])
    #expect(rows[0].nodes == ["node1"] && rows[1].nodes == [] && rows[2].nodes == [])
    #expect(rows[1].reason == "Resources")
  }

  @Test func sacctIsReadWithoutRangesAndSteps() {
    let answer =
      "17_0|COMPLETED|n1|safnet-x-1\n17_[1-9]|PENDING|None assigned|safnet-x-1\n17_0.batch|COMPLETED|n1|batch\n"
    #expect(QueueRow.sacct(answer).map(\.task) == [0])
  }

  @Test func theConfigurationIsRead() {
    let limits = ClusterLimits(
      scontrolConfig: """
        Configuration data as of 2026-11-27T03:26:00
        AccountingStorageType   = accounting_storage/none
        KillWait                = 30 sec
        MaxArraySize            = 1001
        MinJobAge               = 300 sec
        SLURM_VERSION           = 22.05.8
        """)
    #expect(limits.maxArraySize == 1001 && limits.minJobAge == 300 && limits.killWait == 30)
    #expect(!limits.hasAccounting && limits.version == "22.05.8")
  }

  @Test(arguments: [
    ("17\n", Int32(0), SubmissionAnswer.accepted(job: 17)), ("sbatch: warning: hm\n17;east\n", 0, .accepted(job: 17)),
    (
      "sbatch: error: Batch job submission failed: Socket timed out on send/recv operation\n", 1,
      .uncertain("Batch job submission failed: Socket timed out on send/recv operation")
    ),
    (
      "sbatch: error: invalid partition specified: cpuu\nsbatch: error: Batch job submission failed: Invalid partition name specified\n",
      1,
      .refused("Batch job submission failed: Invalid partition name specified")
    ),
    (
      "sbatch: error: QOSMaxSubmitJobPerUserLimit\nsbatch: error: Batch job submission failed: Job violates accounting/QOS policy\n",
      1,
      .full("Batch job submission failed: Job violates accounting/QOS policy")
    ),
    ("", 0, .uncertain("no answer")), ("", 1, .uncertain("no answer")),
  ])
  func sbatchsAnswersAreUnderstood(text: String, status: Int32, meant: SubmissionAnswer) {
    #expect(SubmissionAnswer(answer: text, status: status) == meant)
  }

  @Test func noAnswerInTimeIsUncertain() {
    #expect(SubmissionAnswer(answer: "", status: nil) == .uncertain("sbatch did not answer in time"))
  }

  @Test func waitingIsExplained() {
    #expect(PendingReason.words("Priority") == "Priority: others come first")
    #expect(PendingReason.words("QOSMaxJobsPerUserLimit").contains("as many jobs as you may"))
    #expect(PendingReason.words("None") == "in the queue")
    #expect(PendingReason.words("SomethingNew") == "SomethingNew")
    #expect(PendingReason.needsSomebody("BadConstraints") && !PendingReason.needsSomebody("Priority"))
  }
}
