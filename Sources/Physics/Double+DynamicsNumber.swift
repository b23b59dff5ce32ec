import CPhysics
import Glibc

extension Double: DynamicsNumber {
  package func sineAndCosine() -> (sine: Double, cosine: Double) { (sin(self), cos(self)) }

  package func power(_ exponent: Double) -> Double {
    cphysics_plain_power(self, exponent)
  }

  package static func select(
    _ left: Double, lessThan right: Double, _ first: Double, _ second: Double
  ) -> Double { left < right ? first : second }
}
