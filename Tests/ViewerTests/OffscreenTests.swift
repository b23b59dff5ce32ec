import Envs
import Foundation
import Testing
import Viewer

/// The drawing of each environment, without a screen.
@Suite struct OffscreenTests {
  /// A renderer of 160 × 120 pixels and the state after some steps with action 0.5.
  private func scene(
    _ environment: any Environment, quality: DrawingQuality = .fast, steps: Int = 3
  ) throws -> (OffscreenRenderer, EnvironmentState) {
    let simulator = try Simulator(environment)
    let scratch = try simulator.makeScratch()
    var state = try simulator.reset(seed: 1, in: scratch)
    let action = [Float](repeating: 0.5, count: simulator.spec.actionCount)
    for _ in 0..<steps { _ = try simulator.step(&state, action: action, in: scratch) }
    let renderer = try OffscreenRenderer(simulator, width: 160, height: 120, quality: quality)
    return (renderer, state)
  }

  /// Moved along x.
  private func moved(_ state: EnvironmentState, by distance: Double) -> EnvironmentState {
    var moved = state
    moved.physics[1] += distance
    return moved
  }

  private func picture(
    _ renderer: OffscreenRenderer, _ moment: Moment, _ camera: Camera = .tracking
  ) throws -> Picture {
    try renderer.draw(moment, camera: camera)
    return try renderer.picture()
  }

  @Test(arguments: EnvironmentCatalogue.all.map { $0.spec.id }, DrawingQuality.allCases)
  func showsTheRobot(_ id: String, _ quality: DrawingQuality) throws {
    let (renderer, state) = try scene(EnvironmentCatalogue.named(id), quality: quality)
    let picture = try picture(renderer, Moment(state))
    #expect((picture.width, picture.height) == (160, 120))
    let robot = picture.robot
    #expect(robot.count > 150)
    // It is where the tracking camera looks.
    #expect(abs(robot.x - 80) < 20)
    #expect(abs(robot.y - 60) < 25)
  }

  @Test func isTheRightSideUp() throws {
    let (renderer, state) = try scene(Locomotion.halfCheetah)
    let picture = try picture(renderer, Moment(state))
    // The sky is blue, the ground is not.
    let sky = picture.average(rows: 0..<10)
    let ground = picture.average(rows: 110..<120)
    #expect(sky.blue > sky.red + 20)
    #expect(ground.blue < ground.red + 20)
    // x grows to the right: the head is at the right end of the torso.
    var ahead = state
    ahead.physics[1] += 1
    let before = try self.picture(renderer, Moment(state), .free).robot
    let after = try self.picture(renderer, Moment(ahead), .free).robot
    #expect(after.x > before.x + 5)
  }

  @Test func robotMovesAndFreeCameraDoesNot() throws {
    let (renderer, state) = try scene(Locomotion.swimmer)
    let start = try picture(renderer, Moment(state), .free)
    let later = try picture(renderer, Moment(moved(state, by: 1)), .free)
    #expect(later.robot.x > start.robot.x + 8)
    // The water stays where it is.
    #expect(start.average(rows: 110..<120).distance(to: later.average(rows: 110..<120)) < 2)
    let gone = try picture(renderer, Moment(moved(state, by: 100)), .free)
    #expect(gone.robot.count == 0)
  }

  @Test(arguments: [0.0, 1.5, 300.25])
  func trackingCameraFollowsAtOnce(distance: Double) throws {
    let (renderer, state) = try scene(Locomotion.swimmer)
    let start = try picture(renderer, Moment(state)).robot
    let later = try picture(renderer, Moment(moved(state, by: distance))).robot
    #expect(abs(start.x - later.x) < 0.5)
    #expect(abs(start.y - later.y) < 0.5)
    #expect(abs(start.count - later.count) < 30)
  }

  @Test("a picture is the same whatever was drawn before", arguments: [0.0, 1.5, 300.25])
  func nothingStaysOfOtherPictures(distance: Double) throws {
    let (renderer, state) = try scene(Locomotion.swimmer)
    let far = Moment(moved(state, by: distance))
    let first = try picture(renderer, far)
    let free = try picture(renderer, Moment(state), .free)
    #expect(try picture(renderer, far) == first)
    #expect(try picture(renderer, far) == first)
    #expect(try picture(renderer, Moment(state), .free) == free)
  }

  @Test func momentsLieBetweenTheirStates() throws {
    let (renderer, state) = try scene(Locomotion.swimmer)
    let next = moved(state, by: 2)
    let places = try [0, 0.25, 0.5, 1].map {
      try picture(renderer, Moment(state, toward: next, fraction: $0), .free).robot.x
    }
    let whole = places[3] - places[0]
    #expect(whole > 20)
    #expect(abs((places[1] - places[0]) / whole - 0.25) < 0.05)
    #expect(abs((places[2] - places[0]) / whole - 0.5) < 0.05)
    #expect(try picture(renderer, Moment(next), .free).robot.x == places[3])
  }

  @Test func cellsKeepApart() throws {
    let simulator = try Simulator(Locomotion.swimmer)
    let state = try simulator.reset(seed: 1, in: simulator.makeScratch())
    let renderer = try OffscreenRenderer(
      simulator, width: 80, height: 60, columns: 3, rows: 2, quality: .fast)
    for cell in 0..<6 {
      let state = cell == 2 || cell == 3 ? state : moved(state, by: 100)
      try renderer.draw(Moment(state), camera: .free, cell: cell)
    }
    let picture = try renderer.picture()
    #expect((picture.width, picture.height) == (240, 120))
    let robots = (0..<6).map {
      picture.robot(in: $0 % 3 * 80..<($0 % 3 + 1) * 80, $0 / 3 * 60..<($0 / 3 + 1) * 60)
    }
    #expect(robots.map { $0.count > 30 } == [false, false, true, true, false, false])
  }

  @Test func captionsAreInTheirCorners() throws {
    let (renderer, state) = try scene(Locomotion.swimmer)
    let plain = try picture(renderer, Moment(state))
    let corners: [(Caption.Corner, Range<Int>, Range<Int>)] = [
      (.topLeft, 0..<80, 0..<60), (.topRight, 80..<160, 0..<60),
      (.bottomLeft, 0..<80, 60..<120), (.bottomRight, 80..<160, 60..<120),
    ]
    for (corner, columns, rows) in corners {
      try renderer.draw(
        Moment(state), camera: .tracking, captions: [Caption(corner, [.init("step", "7")])])
      let written = try renderer.picture()
      #expect(written.differences(from: plain, in: columns, rows) > 30)
      #expect(
        written.differences(from: plain, in: 0..<160, 0..<120)
          == written.differences(from: plain, in: columns, rows))
    }
  }

  @Test func renderersOfOneThreadDoNotDisturbEachOther() throws {
    let (swimmer, state) = try scene(Locomotion.swimmer)
    let alone = try picture(swimmer, Moment(state))
    let (cheetah, other) = try scene(Locomotion.halfCheetah)
    _ = try picture(cheetah, Moment(other))
    #expect(try picture(swimmer, Moment(state)) == alone)
  }

  @Test func drawingChangesNothingInTheSimulation() throws {
    let simulator = try Simulator(Locomotion.halfCheetah)
    let action = [Float](repeating: 0.3, count: simulator.spec.actionCount)
    func run(_ renderer: OffscreenRenderer?) throws -> EnvironmentState {
      let scratch = try simulator.makeScratch()
      var state = try simulator.reset(seed: 5, in: scratch)
      for _ in 0..<20 {
        _ = try simulator.step(&state, action: action, in: scratch)
        try renderer?.draw(Moment(state), camera: .tracking)
      }
      return state
    }
    let renderer = try OffscreenRenderer(simulator, width: 32, height: 32, quality: .fast)
    #expect(try run(renderer) == run(nil))
  }
}

extension Picture {
  struct Color {
    var red = 0.0, green = 0.0, blue = 0.0

    func distance(to other: Color) -> Double {
      abs(red - other.red) + abs(green - other.green) + abs(blue - other.blue)
    }
  }

  func color(_ x: Int, _ y: Int) -> Color {
    let start = 3 * (y * width + x)
    return Color(
      red: Double(pixels[start]), green: Double(pixels[start + 1]),
      blue: Double(pixels[start + 2]))
  }

  func average(rows: Range<Int>) -> Color {
    var sum = Color()
    for y in rows {
      for x in 0..<width {
        let color = color(x, y)
        sum.red += color.red
        sum.green += color.green
        sum.blue += color.blue
      }
    }
    let count = Double(rows.count * width)
    return Color(red: sum.red / count, green: sum.green / count, blue: sum.blue / count)
  }

  /// Number and mean place of the pixels of a robot: orange to yellow, which nothing else is.
  var robot: (count: Int, x: Double, y: Double) { robot(in: 0..<width, 0..<height) }

  func robot(in columns: Range<Int>, _ rows: Range<Int>) -> (count: Int, x: Double, y: Double) {
    var (count, sumX, sumY) = (0, 0, 0)
    for y in rows {
      for x in columns {
        let color = color(x, y)
        guard color.red > color.blue + 50, color.red > 80 else { continue }
        count += 1
        sumX += x
        sumY += y
      }
    }
    return (count, Double(sumX) / Double(count), Double(sumY) / Double(count))
  }

  func differences(from other: Picture, in columns: Range<Int>, _ rows: Range<Int>) -> Int {
    rows.reduce(0) { sum, y in
      sum + columns.count { color($0, y).distance(to: other.color($0, y)) > 0 }
    }
  }
}
