import Foundation
import Slurm
import TestSupport
import Testing

@Suite struct BatchTests {
  private var site: SiteProfile {
    var site = SiteProfile()
    (site.partition, site.time, site.constraint) = ("cpu", SlurmTime("12:00:00"), "avx512&ib")
    (site.cpus, site.atOnce, site.warning) = (8, 4, 300)
    (site.setup, site.options) = (["module load gcc"], ["--nice=100"])
    return site
  }

  private func script(tasks: Int = 25) -> BatchScript {
    BatchScript(
      name: "safnet-study-1a2b3c4d-7", tasks: tasks, comment: "SAFNet, fold 1 and 24 more", folder: "/data/my runs",
      log: "slurm/safnet-study-1a2b3c4d/7-%a.log", memory: 3 << 30, exclude: ["n7", "n9"], site: site,
      worker: ["/opt/it's/safnet", "worker", "--batch", "/data/my runs/slurm/7.json"])
  }

  @Test func theScriptIsWhatItShouldBe() {
    #expect(
      script().text == """
        #!/bin/bash
        #SBATCH --job-name=safnet-study-1a2b3c4d-7
        #SBATCH --array=0-24%4
        #SBATCH --comment="SAFNet, fold 1 and 24 more"
        #SBATCH --chdir="/data/my runs"
        #SBATCH --output=slurm/safnet-study-1a2b3c4d/7-%a.log
        #SBATCH --open-mode=append
        #SBATCH --nodes=1
        #SBATCH --ntasks=1
        #SBATCH --cpus-per-task=8
        #SBATCH --mem=3072M
        #SBATCH --signal=TERM@300
        #SBATCH --requeue
        #SBATCH --time=12:00:00
        #SBATCH --partition=cpu
        #SBATCH --constraint=avx512&ib
        #SBATCH --exclude=n7,n9
        #SBATCH --nice=100

        module load gcc
        export SRUN_CPUS_PER_TASK=8
        srun --export=ALL --nodes=1 --ntasks=1 --cpus-per-task=8 \\
          '/opt/it'\\''s/safnet' worker --batch '/data/my runs/slurm/7.json' --task "$SLURM_ARRAY_TASK_ID"
        status=$?
        if [ "$status" -eq 130 ]; then
          status=0
          scontrol requeue "${SLURM_ARRAY_JOB_ID}_${SLURM_ARRAY_TASK_ID}" && sleep 300
        fi
        exit "$status"

        """)
  }

  @Test func aCapThatIsNoneIsLeftOut() { #expect(script(tasks: 4).text.contains("--array=0-3\n")) }

  @Test func theShellTakesItsText() throws {
    let temporary = try TemporaryFolder()
    let file = try temporary.write("script.sh", script().text)
    let check = Process()
    (check.executableURL, check.arguments) = (URL(fileURLWithPath: "/bin/bash"), ["-n", file.path])
    try check.run()
    check.waitUntilExit()
    #expect(check.terminationStatus == 0)
  }

  @Test func aBatchIsReadAsItWasWritten() throws {
    let temporary = try TemporaryFolder()
    let folder = BatchFolder(workspace: temporary.url, experiment: "my study!")
    #expect(folder.sweep.hasPrefix("safnet-mystudy-"))
    #expect(try folder.open().isEmpty)
    #expect(try folder.nextNumber() == 1)
    let batch = RunBatch(number: 1, name: folder.jobName(1), memory: 5, runs: ["a-f1", "b-f1"], attempts: [0, 3])
    try folder.write(batch, script: "#!/bin/bash\n")
    #expect(try folder.open() == [batch])
    #expect(try folder.nextNumber() == 2)
    folder.end(1)
    #expect(try folder.open().isEmpty)
    #expect(try folder.nextNumber() == 2, "numbers are never used again")
    #expect(BatchFolder.all(in: temporary.url) == [folder])
  }

  @Test func twoWorkspacesNeverShareAName() throws {
    let places = ["/a/Workspace", "/b/Workspace"].map {
      BatchFolder(workspace: URL(fileURLWithPath: $0), experiment: "demo").jobName(1)
    }
    #expect(places[0] != places[1])
  }

  @Test(arguments: ["", "{}", #"{"number":1,"name":"x","memory":1,"runs":["../a"],"attempts":[0]}"#])
  func aDamagedBatchIsRefused(text: String) throws {
    let temporary = try TemporaryFolder()
    try temporary.write("1.json", text)
    let file = temporary.file("1.json")
    #expect(throws: BatchError.damaged(file: file.path)) { try BatchFolder.read(file) }
  }
}
