import Tensors
import Testing

@Suite struct DualTests {
  @Test func tangentOfAProduct() {
    let x = Dual(3.0, tangent: 1)
    #expect((x * x).tangent == 6)
  }
}
