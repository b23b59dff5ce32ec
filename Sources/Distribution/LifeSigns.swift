import CMPI
import Foundation

/// Signs of life that processes send each other while they work, so that the end of one, or of the way
/// to it, does not keep the others waiting for ever.
package enum LifeSigns {
  /// How often one is sent.
  private static let period = 0.1

  /// Begins to send them.
  ///
  /// - Parameters:
  ///   - communicator: Whose processes they go to and come from.
  ///   - patience: Seconds after which a process that is silent counts as lost; asked each time.
  ///   - word: A number that goes with each: from the first process to all, from these to the first.
  ///   - received: Called with the words that have come, with the sender's rank.
  ///   - lost: Called with the rank of a process that is lost, or with what MPI says.
  package static func start(
    _ communicator: Communicator, patience: @escaping @Sendable () -> Double,
    word: @escaping @Sendable () -> Int32,
    received: @escaping @Sendable (_ word: Int32, _ rank: Int) -> Void,
    lost: @escaping @Sendable (_ rank: Int?, _ reason: String) -> Void
  ) {
    let count = communicator.rank == 0 ? communicator.count : 1
    let thread = Thread {
      var peers = [cmpi_peer](repeating: cmpi_peer(), count: count)
      var text = [CChar](repeating: 0, count: 512)
      while cmpi_is_running() {
        let status = cmpi_beat(word(), &peers, &text)
        if let error = CommunicationError(status, text) { return lost(nil, error.description) }
        for (rank, peer) in peers.enumerated() where rank != communicator.rank {
          if peer.word != 0 { received(peer.word, rank) }
          if peer.silence > patience() {
            return lost(rank, "has not been heard of for \(Int(peer.silence.rounded())) seconds")
          }
        }
        Thread.sleep(forTimeInterval: period)
      }
    }
    thread.name = "signs of life"
    thread.start()
  }
}
