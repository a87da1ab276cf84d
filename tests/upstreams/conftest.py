"""What tests of the network need: a certificate for a server on this machine."""

import pytest

from tests.faultserver import Certificate


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    try:
        return Certificate(tmp_path_factory.mktemp("tls"))
    except FileNotFoundError:
        pytest.skip("the openssl command is missing, so there is no certificate to test with")
