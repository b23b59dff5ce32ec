/// The axes of two capsules: segments x·a + p and y·b + q with x and y between −1 and 1.
struct CapsulePair<Number: DynamicsNumber> {
  typealias Points = (first: Vector3<Number>, second: Vector3<Number>)

  private let first, second: Vector3<Number>
  private let segment, other: Vector3<Number>
  /// The coefficients of the equations for the nearest points of the lines.
  private let (a, b, c): (Number, Number, Number)
  private let (u, v): (Number, Number)
  private let signedDeterminant: Number

  /// Less than ``smallest`` where the axes are parallel.
  var determinant: Number { signedDeterminant.magnitude }

  init(
    _ first: Kinematics<Number>.Frame, _ firstLength: Double,
    _ second: Kinematics<Number>.Frame, _ secondLength: Double
  ) {
    (self.first, self.second) = (first.position, second.position)
    segment = first.axes.column(2) * Number(firstLength)
    other = second.axes.column(2) * Number(secondLength)
    let between = first.position - second.position
    (a, b, c) = (segment.dot(segment), -segment.dot(other), other.dot(other))
    (u, v) = (-segment.dot(between), other.dot(between))
    signedDeterminant = a * c - b * b
  }

  private func points(_ x: Number, _ y: Number) -> Points {
    (segment * x + first, other * y + second)
  }

  /// The nearest points of axes that are not parallel (Ericson, *Real-Time Collision Detection*,
  /// 5.1.9).
  var nearest: Points {
    let (one, minusOne) = (Number(1), Number(-1))
    let divisor: Number = .select(
      determinant, lessThan: Number(smallest), one, signedDeterminant)
    let free = ((c * u - b * v) / divisor, (a * v - b * u) / divisor)
    // The first point stays on its segment, and the second moves with it …
    let x: Number = free.0.clampedToUnit()
    let y: Number = .select(
      one, lessThan: free.0, (v - b) / c,
      .select(free.0, lessThan: minusOne, (v + b) / c, free.1))
    // … and the other way round.
    let back: Number = .select(
      one, lessThan: y, ((u - b) / a).clampedToUnit(),
      .select(y, lessThan: minusOne, ((u + b) / a).clampedToUnit(), x))
    return points(back, y.clampedToUnit())
  }
}

/// Which of two contacts of parallel capsules.
enum ParallelTouch: Sendable { case first, second }

extension CapsulePair {
  /// Where parallel capsules touch: MuJoCo tries the two ends of the first against the second, then the
  /// ends of the second against the first, until two touch.
  ///
  /// - Parameter reach: How far apart points may be that touch.
  /// - Returns: Two points, and a number that is greater than `reach` where there are none.
  func touching(_ which: ParallelTouch, within reach: Double) -> (Points, excess: Number) {
    let trials = [
      (first + segment, points(Number(0), ((v - b) / c).clampedToUnit()).second),
      (first - segment, points(Number(0), ((v + b) / c).clampedToUnit()).second),
      (points(((u - b) / a).clampedToUnit(), Number(0)).first, second + other),
      (points(((u + b) / a).clampedToUnit(), Number(0)).first, second - other),
    ]
    let distances = trials.map { ($0.0 - $0.1).length }
    func whereMissing(_ trial: Int, _ first: Points, _ second: Points) -> Points {
      let (limit, distance) = (Number(reach), distances[trial])
      return (
        .select(limit, lessThan: distance, first.first, second.first),
        .select(limit, lessThan: distance, first.second, second.second)
      )
    }
    let later = whereMissing(2, trials[3], trials[2])
    switch which {
    case .first:
      return (whereMissing(0, whereMissing(1, later, trials[1]), trials[0]), Number(0))
    case .second:
      let least = distances[..<3].reduce(Number(.infinity)) { .select($0, lessThan: $1, $0, $1) }
      return (
        whereMissing(
          0, whereMissing(1, trials[3], later), whereMissing(1, later, trials[1])), least
      )
    }
  }
}
