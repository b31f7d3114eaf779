import Foundation
import Store
import Testing

/// The words of every error: each names the file and what to do.
@Suite struct StoreErrorTests {
  @Test(arguments: [
    (
      StoreError.damaged(file: "/w/last.h5", .tooShort(bytes: 3, expected: 512)),
      "/w/last.h5 is damaged: it has 3 bytes of 512. " + remedy
    ),
    (
      .damaged(file: "/w/last.h5", .tooLong(bytes: 9, expected: 8)),
      "/w/last.h5 is damaged: it has 9 bytes, 8 are expected. " + remedy
    ),
    (
      .damaged(file: "/w/a", .notOurs(expected: "checkpoint")),
      "/w/a is damaged: it does not begin like a checkpoint of safnet. " + remedy
    ),
    (.damaged(file: "/w/a", .header), "/w/a is damaged: its header was changed. " + remedy),
    (.damaged(file: "/w/a", .checksum), "/w/a is damaged: its checksum does not match its content. " + remedy),
    (
      .damaged(file: "/w/a", .line(12)),
      "/w/a is damaged: the checksum of line 12 does not match. " + remedy
    ),
    (.damaged(file: "/w/a", .othersLine(9)), "/w/a is damaged: from line 9 on it is another run's. " + remedy),
    (.damaged(file: "/w/a", .content("dice: odd")), "/w/a is damaged: dice: odd. " + remedy),
    (
      .newerFormat(file: "/w/a", found: 3, known: 1),
      "/w/a has format 3, this program knows up to 1. Use the newer safnet that wrote it."
    ),
    (
      .notFinite(file: "/w/a", value: "trainingLoss"),
      "trainingLoss is not a finite number and was not written to /w/a. Lower the learning rate or check the data."
    ),
    (
      .otherPlan(file: "/w/a", expected: "0123456789abcdef", found: "fedcba9876543210"),
      "/w/a belongs to plan fedcba987654, not to 0123456789ab. If its folder was renamed, give it the name that ends"
        + " in -fedcba987654 again where no other folder has that. Else move its folder to another place: `safnet run`"
        + " then begins the run anew."
    ),
    (
      .locked(file: "/w/run.lock", holder: LockHolder(host: "knoten", pid: 7)),
      "/w/run.lock is locked by process 7 on knoten. Wait for it or stop it."
    ),
    (.locked(file: "/w/run.lock", holder: nil), "/w/run.lock is locked by another process. Wait for it or stop it."),
    (
      .removed(folder: "/w/run"),
      "/w/run, or what was in it, was removed or moved while the run was trained. Put it back, or give the same `safnet run`"
        + " again."
    ),
    (
      .journalShorter(file: "/w/journal.jsonl", bytes: 7, wanted: 9),
      "/w/journal.jsonl has 7 intact bytes, the checkpoint was written at 9. "
        + remedy
    ),
    (
      .journalOfAnotherRun(file: "/w/journal.jsonl", position: 7),
      "/w/journal.jsonl has no event that ends at byte 7, where the checkpoint was written: they are not of one run. "
        + remedy
    ),
  ])
  func words(error: StoreError, expected: String) { #expect("\(error)" == expected) }

  private static let remedy =
    "Give `safnet run` with its experiment, which makes it anew from what is intact, or restore it from a copy."
}
