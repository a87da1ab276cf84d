"""What the sandbox accepts. Every value is invented and worthless anywhere else."""

ADOBE_API_KEY = "sandbox-adobe-api-key"
ADOBE_ACCESS_TOKEN = "sandbox-adobe-token"
# Adobe takes the client ID for the API key as well.
ADOBE_CLIENT_ID = ADOBE_API_KEY
ADOBE_CLIENT_SECRET = "sandbox-adobe-secret"
ADOBE_SCOPES = "openid,AdobeID,read_organizations"
ADOBE_TOKEN_PATH = "/ims/token/v3"

FABRIC_ACCESS_TOKEN = "sandbox-fabric-token"
FABRIC_CLIENT_ID = "sandbox-fabric-client"
FABRIC_CLIENT_SECRET = "sandbox-fabric-secret"
FABRIC_TOKEN_PATH = "/oauth2/sandbox/v1/token"


def environment(url: str, *, fixed_tokens: bool = False) -> dict[str, str]:
    """The portal's settings that point it at a sandbox under this address."""
    settings = {
        "ADOBE_BASE_URL": url,
        "ADOBE_API_KEY": ADOBE_API_KEY,
        "FABRIC_BASE_URL": url,
    }
    if fixed_tokens:
        return settings | {
            "ADOBE_ACCESS_TOKEN": ADOBE_ACCESS_TOKEN,
            "FABRIC_ACCESS_TOKEN": FABRIC_ACCESS_TOKEN,
        }
    return settings | {
        "ADOBE_CLIENT_ID": ADOBE_CLIENT_ID,
        "ADOBE_CLIENT_SECRET": ADOBE_CLIENT_SECRET,
        "ADOBE_TOKEN_URL": url + ADOBE_TOKEN_PATH,
        "ADOBE_SCOPES": ADOBE_SCOPES,
        "FABRIC_CLIENT_ID": FABRIC_CLIENT_ID,
        "FABRIC_CLIENT_SECRET": FABRIC_CLIENT_SECRET,
        "FABRIC_TOKEN_URL": url + FABRIC_TOKEN_PATH,
    }
