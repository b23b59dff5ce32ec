/// The noises of a block whose particles take their steps elsewhere.
struct NoiseFollower<Noise: ParticleNoise> {
  private var noise: Noise
  /// The step of its episode that each particle stands at.
  private var clocks: [Int]

  /// Draws what the particles begin with.
  ///
  /// - Parameter clocks: Where they begin, which only who starts them knows.
  init(_ window: WindowFrame, clocks: [Int]) {
    noise = Noise(window)
    self.clocks = clocks
  }

  /// Takes up noises that were carried.
  init(_ noise: Noise, clocks: [Int]) { (self.noise, self.clocks) = (noise, clocks) }

  /// Goes along with a window, and notes the directions that its sums' multipliers multiply.
  mutating func follow(
    _ window: WindowFrame, into directions: inout Directions
  ) {
    var renewed: [Int] = []
    func note(from step: Int) {
      for particle in renewed {
        directions.use(noise.directions[particle], for: particle, from: step)
      }
      renewed = []
    }
    var step = 0
    while step < window.length {
      let limit = noise.begin(window, at: step, clocks: clocks, renewed: &renewed)
      note(from: step)
      let steps = window.stretch(from: step, upTo: limit, clocks: clocks)
      step += steps
      for index in clocks.indices { clocks[index] = (clocks[index] + steps) % window.horizon }
      noise.end(window, at: step, clocks: clocks, renewed: &renewed)
      note(from: step)
    }
  }
}
