import Compute
import Foundation
import Store
import TestSupport
import Testing
import System

@Suite struct JournalTests {
  @Test func everyEventSurvives() throws {
    try withTemporaryFolder { folder in
      let url = folder.appending(path: "journal.jsonl")
      let writer = try JournalWriter(url: url)
      let times = Fixture.events.indices.map { Date(timeIntervalSince1970: 1_700_000_000 + Double($0) * 0.001) }
      for (event, time) in zip(Fixture.events, times) { try writer.append(event, at: time) }
      let read = try Journal.read(url)
      #expect(read.map(\.event) == Fixture.events)
      #expect(zip(read.map(\.time), times).allSatisfy { abs($0.timeIntervalSince($1)) < 1e-6 })
      #expect(try Data(contentsOf: url).count == writer.position)
      #expect(try Journal.scan(url).ends.last == writer.position)
    }
  }

  /// Taken away between any two events, by whoever clears a folder while its run goes on.
  @Test func aRemovedJournalIsPutBack() throws {
    try withTemporaryFolder { folder in
      let url = folder.appending(path: "journal.jsonl")
      let writer = try JournalWriter(url: url)
      for event in Fixture.events {
        try writer.append(event)
        try FileManager.default.removeItem(at: url)
      }
      try writer.append(.started(Fixture.worker))
      #expect(try Journal.read(url).map(\.event) == Fixture.events + [.started(Fixture.worker)])
      #expect(try Data(contentsOf: url).count == writer.position)
    }
  }

  /// The format itself, pinned: scripts read it.
  @Test func aLine() throws {
    let time = Date(timeIntervalSince1970: 1_700_000_000.0625)
    let event = JournalEvent.epoch(
      EpochRecord(
        epoch: 1, trainingLoss: 0.1, learningRate: 1e-3, validationDice: [0.5, nil], meanDice: nil, monitor: 1 / 3,
        seconds: 2))
    let line = try JournalWriter.line(TimedEvent(time: time, event: event), file: "journal.jsonl")
    #expect(
      String(decoding: line, as: UTF8.self) == #"{"epoch":1,"event":"epoch","learningRate":0.001,"#
        + #""monitor":0.3333333333333333,"seconds":2,"time":"2023-11-14T22:13:20.063Z","trainingLoss":0.1,"#
        + #""validationDice":[0.5,null],"crc32":"1fd8c3f3"}"# + "\n")
  }

  @Test func noFileNoEvents() throws {
    try withTemporaryFolder { folder in
      let journal = try Journal.scan(folder.appending(path: "journal.jsonl"))
      #expect(journal.events.isEmpty && journal.damage == nil && journal.intactBytes == 0)
    }
  }

  /// Cut anywhere, the events that were whole are told, no others, and a writer goes on behind them.
  @Test func tornAnywhere() throws {
    try withTemporaryFolder { folder in
      let url = folder.appending(path: "journal.jsonl")
      let data = try Fixture.journal(Fixture.events)
      try data.write(to: url)
      let ends = try Journal.scan(url).ends
      for length in 0...data.count {
        try data.prefix(length).write(to: url)
        let whole = ends.filter { $0 <= length + 1 }.count  // a line that lacks only its newline is whole
        #expect(try Journal.read(url).map(\.event) == Array(Fixture.events.prefix(whole)), "cut to \(length)")
        try JournalWriter(url: url).append(.started(Fixture.worker))
        #expect(try Journal.read(url).map(\.event) == Fixture.events.prefix(whole) + [.started(Fixture.worker)])
      }
    }
  }

  /// A bit anywhere, and every bit of the seals and line ends: an error that names the line, never other events.
  @Test func everyFlippedBitIsFound() throws {
    try withTemporaryFolder { folder in
      let url = folder.appending(path: "journal.jsonl")
      let data = try Fixture.journal(Fixture.events)
      var random = RandomStream(seed: 4, purpose: .test)
      let ends = Journal.ends(of: data).flatMap { ($0 - 24) * 8..<$0 * 8 }
      for bit in ends + (0..<1000).map({ _ in random.nextInt(below: data.count * 8) }) {
        var flipped = data
        flipped[bit / 8] ^= 1 << UInt8(bit % 8)
        try flipped.write(to: url)
        let line = data[..<(bit / 8)].count { $0 == UInt8(ascii: "\n") } + 1
        #expect(throws: StoreError.damaged(file: url.path, .line(line)), "bit \(bit)") { try Journal.read(url) }
        #expect(try Journal.scan(url).events.map(\.event) == Array(Fixture.events.prefix(line - 1)))
      }
    }
  }

  /// Every worker says its plan: what one of another did is not the run's, and what its own did behind that may be salvaged.
  @Test func linesOfAnotherPlanEndIt() throws {
    try withTemporaryFolder { folder in
      let url = folder.appending(path: "journal.jsonl")
      func events(_ plan: String) -> [JournalEvent] {
        var worker = Fixture.worker
        worker.plan = sha256(plan)
        return [.started(worker)] + Fixture.events.dropFirst()
      }
      let (own, others) = (try Fixture.journal(events("plan")), try Fixture.journal(events("other")))
      try (own + others + own).write(to: url)
      let journal = try Journal.scan(url)
      #expect(journal.events.map(\.event) == events("plan") && journal.intactBytes == own.count)
      #expect(journal.damage == .damaged(file: url.path, .othersLine(9)) && journal.damagedLines == 8)
      #expect(journal.later.map(\.event) == events("plan") && journal.owner == sha256("plan"))
    }
  }

  @Test func cutsBackToAnEvent() throws {
    try withTemporaryFolder { folder in
      let url = folder.appending(path: "journal.jsonl")
      try Fixture.journal(Fixture.events).write(to: url)
      let ends = try Journal.scan(url).ends
      let writer = try JournalWriter(url: url, keeping: ends[2])
      #expect(writer.position == ends[2])
      try writer.append(.epoch(Fixture.epoch(2)))
      #expect(try Journal.read(url).map(\.event) == Fixture.events.prefix(3) + [.epoch(Fixture.epoch(2))])
      _ = try JournalWriter(url: url, keeping: 0)
      #expect(try Journal.read(url).isEmpty)
    }
  }

  @Test func cannotGoForward() throws {
    try withTemporaryFolder { folder in
      let url = folder.appending(path: "journal.jsonl")
      let data = try Fixture.journal(Fixture.events)
      try data.write(to: url)
      let error = #expect(throws: StoreError.self) { try JournalWriter(url: url, keeping: data.count + 1) }
      #expect(error == .journalShorter(file: url.path, bytes: data.count, wanted: data.count + 1))
      #expect(try Data(contentsOf: url) == data)
    }
  }

  /// A damaged line behind the position goes away with the rest; one before it stops the writer.
  @Test func damageBeforeAndBehindTheCut() throws {
    try withTemporaryFolder { folder in
      let url = folder.appending(path: "journal.jsonl")
      var data = try Fixture.journal(Fixture.events)
      try data.write(to: url)
      let ends = try Journal.scan(url).ends
      data[ends[3] + 5] ^= 4
      try data.write(to: url)
      #expect(throws: StoreError.damaged(file: url.path, .line(5))) { try JournalWriter(url: url) }
      #expect(throws: StoreError.self) { try JournalWriter(url: url, keeping: ends[5]) }
      #expect(try Data(contentsOf: url) == data)
      _ = try JournalWriter(url: url, keeping: ends[2])
      #expect(try Journal.read(url).map(\.event) == Array(Fixture.events.prefix(3)))
    }
  }

  /// As when a checkpoint of another run was copied in.
  @Test func aPositionInsideAnEventIsRefused() throws {
    try withTemporaryFolder { folder in
      let url = folder.appending(path: "journal.jsonl")
      let data = try Fixture.journal(Fixture.events)
      try data.write(to: url)
      #expect(throws: StoreError.journalOfAnotherRun(file: url.path, position: 7)) {
        try JournalWriter(url: url, keeping: 7)
      }
      #expect(try Data(contentsOf: url) == data)
    }
  }

  /// Cutting back and keeping what stays true is one rename: before it there is the old journal, after it the new one.
  @Test func cuttingAndKeepingHistoryIsOneStep() throws {
    try withTemporaryFolder { folder in
      let url = folder.appending(path: "journal.jsonl")
      try Fixture.journal(Fixture.events).write(to: url)
      let (ends, all) = (try Journal.scan(url).ends, try Journal.read(url))
      // A second name for the old file: whoever reads it, or is killed before the rename, sees all of the old content.
      let before = folder.appending(path: "before")
      try FileManager.default.linkItem(at: url, to: before)
      let writer = try JournalWriter(url: url, keeping: ends[2], then: [all[3], all[5]])
      #expect(try Journal.read(before) == all)
      #expect(try Journal.read(url) == Array(all[...3]) + [all[5]])
      #expect(writer.position == (try Data(contentsOf: url).count))
      try writer.append(.epoch(Fixture.epoch(2)))
      #expect(try Journal.read(url).last?.event == .epoch(Fixture.epoch(2)))
      #expect(try names(in: folder) == ["before", "journal.jsonl"])
    }
  }

  @Test(arguments: [Double.nan, .infinity])
  func refusesWhatIsNotFinite(value: Double) throws {
    try withTemporaryFolder { folder in
      let url = folder.appending(path: "journal.jsonl")
      let writer = try JournalWriter(url: url)
      var record = Fixture.epoch(1)
      record.trainingLoss = value
      #expect(throws: StoreError.notFinite(file: url.path, value: "trainingLoss")) {
        try writer.append(.epoch(record))
      }
      #expect(try Data(contentsOf: url).isEmpty)
    }
  }

  @Test func anEventFromTheFutureIsNamed() throws {
    try withTemporaryFolder { folder in
      let url = folder.appending(path: "journal.jsonl")
      let line = Data(#"{"event":"teleported","time":"2026-11-23T00:00:00.000Z"}"#.utf8)
      let crc = CRC32.of(line.dropLast()).hexadecimal
      try (line.dropLast() + Data(#","crc32":"\#(crc)"}"#.utf8) + Data("\n".utf8)).write(to: url)
      let error = #expect(throws: StoreError.self) { try Journal.read(url) }
      #expect("\(error!)".contains("line 1 holds an event this program does not know"))
    }
  }
}

extension Journal {
  /// Where the lines of an intact journal end.
  fileprivate static func ends(of data: Data) -> [Int] {
    data.indices.filter { data[$0] == UInt8(ascii: "\n") }.map { $0 + 1 }
  }
}
