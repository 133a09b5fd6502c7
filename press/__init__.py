"""An invented press on loopback, for the demo and the end-to-end tests.

Everything it publishes about the affair follows the affair's public facts; every publisher and
journalist is invented. It never answers anyone but this machine.
"""

from press.server import Press, PressRequest

__all__ = ["Press", "PressRequest"]
