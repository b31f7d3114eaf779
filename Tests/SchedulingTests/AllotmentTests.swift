import Scheduling
import Testing

@Suite struct AllotmentTests {
  @Test(
    arguments: [
      // cores, memory, per run, runs, jobs asked, threads asked -> jobs, threads of the first
      (8, 100, 10, 25, nil, nil, 8, 1),
      (8, 35, 10, 25, nil, nil, 3, 2),
      (8, 5, 10, 25, nil, nil, 1, 8),
      (8, 100, 10, 2, nil, nil, 2, 4),
      (8, 100, 10, 25, 2, nil, 2, 4),
      (8, 100, 10, 25, nil, 4, 2, 4),
      (2, 100, 10, 25, nil, 4, 1, 4),
      (2, 100, 10, 25, 3, 4, 3, 4),
    ] as [(Int, Int, Int, Int, Int?, Int?, Int, Int)])
  func jobsAndThreads(
    cores: Int, memory: Int, perRun: Int, runs: Int, jobsAsked: Int?, threadsAsked: Int?, jobs: Int, threads: Int
  ) {
    let allotment = Allotment(
      cores: cores, memory: memory, memoryPerRun: perRun, runs: runs, jobs: jobsAsked, threads: threadsAsked)
    #expect(allotment.jobs == jobs)
    #expect(allotment.threads(unfinished: runs) == threads)
  }

  @Test func fewerRunsHaveMoreThreads() {
    let allotment = Allotment(cores: 8, memory: 100, memoryPerRun: 10, runs: 25).with(jobs: 2)
    #expect(allotment.jobs == 2 && allotment.threads(unfinished: 25) == 4 && allotment.threads(unfinished: 1) == 8)
    #expect(allotment.with(jobs: 5).jobs == 2, "never more than fit")
  }

  @Test func theLastRunsGetTheFreeCores() {
    let allotment = Allotment(cores: 8, memory: 100, memoryPerRun: 1, runs: 25)
    #expect([25, 8, 4, 3, 1].map { allotment.threads(unfinished: $0) } == [1, 1, 2, 2, 8])
  }
}
