"""Fresh databases for the tests of this floor."""

from tests.databases import database_url as database_url
from tests.databases import store as store
