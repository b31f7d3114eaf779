import Compute
import Experiments
import Foundation
import Models
import Networks
import Store
import System
import Volumes

/// The trained networks of one run or of several, ready to predict.
///
/// Runs of one architecture share one session, and so one arena: the weights of all of them are held, and copied into the
/// session before each prediction. Memory is then one session and the weights of each network, without their moments,
/// whatever the number of images. A session for each network would take an arena for each; reading checkpoints again for
/// each image would take their time for each.
package struct TrainedNetworks {
  /// Which of a run's networks.
  package enum Choice: String, CaseIterable, Sendable { case best, last }

  struct Member {
    let session: any NetworkSession
    /// Nil where no other network uses the session: it is there already.
    let state: SessionState?
  }

  package let sources: [NetworkSource]
  /// Of each run; they differ in nothing that an image meets, but for the network.
  package let plans: [Plan]
  /// The first run's: what is common to all.
  package let plan: Plan
  let members: [Member]

  /// - Throws: a network that is not there, `Mismatch` where the runs do not see images alike, the engine's failures.
  package init(
    _ runs: [RunDirectory], choice: Choice, engine: any Engine, threads: Int, networks: NetworkRegistry = .standard,
    losses: LossRegistry = .standard
  ) throws {
    var loaded: [Loaded] = []
    var sessions: [Shared] = []
    for run in runs {
      var one = try Loaded(run, choice, networks, losses)
      if let first = loaded.first { try Mismatch.check(first.plan, first.source.run, one.plan, one.source.run) }
      if let place = sessions.firstIndex(where: { $0.plan.hasNetwork(of: one.plan) }) {
        one.place = place
        sessions[place].users += 1
      } else {
        let session = try engine.checkedSession(SessionRequest(one.plan, trainingBatches: [], threads: threads))
        one.state.takeMoments(one.state.firstMoments)
        try session.importState(one.state)
        one.place = sessions.count
        sessions.append(Shared(plan: one.plan, session: session, moments: one.state.firstMoments))
      }
      one.state.takeMoments(sessions[one.place].moments)
      loaded.append(one)
    }
    guard let first = loaded.first else { throw Mismatch.noRun }
    (sources, plans, plan) = (loaded.map(\.source), loaded.map(\.plan), first.plan)
    members = loaded.map { one in
      let shared = sessions[one.place]
      return Member(session: shared.session, state: shared.users > 1 ? one.state : nil)
    }
  }

  /// Calls `body` with each network's session in turn, its weights in place.
  package func forEach(_ body: (any NetworkSession) throws -> Void) throws {
    for member in members {
      if let state = member.state { try member.session.importState(state) }
      try body(member.session)
    }
  }
}

extension TrainedNetworks {
  /// A session and the networks that take turns in it.
  private struct Shared {
    let plan: Plan
    let session: any NetworkSession
    let moments: [NamedTensor]
    var users = 1
  }

  /// One run's plan and network, read and checked.
  package struct Loaded {
    package let source: NetworkSource
    package let plan: Plan
    package fileprivate(set) var state: SessionState
    /// Of its session.
    fileprivate var place = 0

    package init(_ run: RunDirectory, _ choice: Choice, _ networks: NetworkRegistry, _ losses: LossRegistry) throws {
      let stored = try run.requirePlan()
      plan = try Plan(json: stored.planJSON, file: run.planFile.path, networks: networks, losses: losses)
      let file = choice == .best ? run.bestCheckpoint : run.lastCheckpoint
      let checkpoint: Checkpoint
      do {
        checkpoint = try CheckpointFile.read(file)
        guard checkpoint.planIdentity == stored.identity else {
          let difference = "plan: was \(checkpoint.planIdentity.prefix(12)), is \(stored.identity.prefix(12))"
          throw RunError.foreignCheckpoint(file: file.path, differences: [difference])
        }
        if let flaw = try run.otherEpoch(of: file, checkpoint) {
          throw StoreError.damaged(file: file.path, .content("it \(flaw.cause)"))
        }
      } catch {
        throw try Self.reason(error, file, of: run, choice)
      }
      state = SessionState(checkpoint).forPrediction
      source = NetworkSource(
        run: run.name, fold: plan.fold.number, checkpoint: choice.rawValue, epoch: checkpoint.epoch,
        plan: stored.identity, weights: checkpoint.weightsDigest)
    }

    /// What leads out of it when a network cannot be read: `safnet run` mends the one that was tested, and no other.
    private static func reason(_ error: any Error, _ file: URL, of run: RunDirectory, _ choice: Choice) throws
      -> any Error
    {
      let isMissing = (error as? SystemError)?.code == ENOENT
      guard isMissing || (error as? StoreError)?.isDamage == true || error is RunError else { return error }
      if try run.state() == .finished,
        let flaw = try run.flaws(.full).first(where: { $0.file == file.lastPathComponent }), !flaw.isNeeded
      {
        return RunError.networkLost(
          file: file.path, cause: "it \(flaw.cause)", other: choice == .best ? "last" : "best", run: run.name)
      }
      guard isMissing else { return error }
      return try run.history().epochs.isEmpty
        ? RunError.noEvaluableCheckpoint(run: run.name) : StoreError.damaged(file: file.path, .lost)
    }
  }

  /// Why runs cannot predict together.
  package enum Mismatch: Error, Equatable, CustomStringConvertible {
    case noRun
    case structures(first: String, second: String)
    case preprocessing(first: String, second: String)
    case channels(first: String, second: String)

    package static func check(_ first: Plan, _ firstName: String, _ second: Plan, _ secondName: String) throws {
      if first.structures != second.structures { throw Mismatch.structures(first: firstName, second: secondName) }
      if first.dataset.channels != second.dataset.channels {
        throw Mismatch.channels(first: firstName, second: secondName)
      }
      if first.preprocessing != second.preprocessing {
        throw Mismatch.preprocessing(first: firstName, second: secondName)
      }
    }

    package var description: String {
      switch self {
      case .noRun: "no run is named; a prediction needs one at least"
      case .structures(let first, let second):
        "\(first) and \(second) do not learn the same structures (dataset.labels), so that their probabilities have no"
          + " mean. Give runs of one experiment."
      case .channels(let first, let second):
        "\(first) and \(second) do not see the same channels of an image (dataset.channels). Give runs of one choice."
      case .preprocessing(let first, let second):
        "\(first) and \(second) do not see images alike (preprocessing), so that their probabilities have no mean. Give"
          + " runs of one preprocessing."
      }
    }
  }
}

extension SessionState {
  /// Predicting needs no moments, but a session asks for Adam's, whatever the network was trained by: the networks of an
  /// architecture share one set.
  fileprivate mutating func takeMoments(_ moments: [NamedTensor]) {
    (firstMoments, secondMoments) = (moments, moments)
    (averagedParameters, averagedStatistics) = ([], [])
  }
}

extension Plan {
  /// Whether the weights of one fit into the other's session.
  fileprivate func hasNetwork(of other: Plan) -> Bool {
    model == other.model && training.precision == other.training.precision && inputExtent == other.inputExtent
  }
}

extension RunDirectory {
  /// The plan it was made for.
  package func plan(networks: NetworkRegistry = .standard, losses: LossRegistry = .standard) throws -> Plan {
    try Plan(json: requirePlan().planJSON, file: planFile.path, networks: networks, losses: losses)
  }
}
