"""Puts `forum_comments.serving` around Datasette: the gate, the lanes, the limits of statements, the stock pages."""

from weakref import WeakKeyDictionary

from datasette import hookimpl
from datasette.plugins import pm
from datasette.utils import await_me_maybe

from forum_comments.serving.csv_writer import write_any_text
from forum_comments.serving.exchange import CONFIGURATION, csp_nonce, hidden_authors
from forum_comments.serving.gate import Gate, Site
from forum_comments.serving.lanes import LaneExecutor, watch_of_thread
from forum_comments.serving.markup import without_style_attributes
from forum_comments.serving.nonces import NonceExtension
from forum_comments.serving.sqlite_limits import limit_heap
from forum_comments.serving.versions import version_of

_sites = WeakKeyDictionary()


def site_of(datasette):
    """The gate's view of a Datasette."""
    return _sites.setdefault(datasette, Site(base_url=datasette.setting("base_url")))


@hookimpl(tryfirst=True)
def asgi_wrapper(datasette):
    """Put the gate around everything; Datasette applies the wrapper that comes last outermost."""
    return lambda app: Gate(app, site_of(datasette))


@hookimpl
def startup(datasette):
    """Divide the threads, bound the memory, and sum up what is served."""
    site = site_of(datasette)
    site.version = version_of(datasette)
    site.hidden_authors = hidden_authors(datasette.plugin_config(CONFIGURATION))
    limit_heap()
    write_any_text()
    if datasette.executor is not None and not isinstance(datasette.executor, LaneExecutor):
        datasette.executor = LaneExecutor(datasette.executor, datasette.setting("sql_time_limit_ms") / 1000)


@hookimpl
def prepare_connection(conn, database, datasette):
    """Bound the statements of a thread that runs readers' own SQL; Datasette's internal database is not theirs."""
    watch = watch_of_thread()
    if watch is not None and database in datasette.databases and not database.startswith("_"):
        watch.limit(conn)


@hookimpl(trylast=True)
def extra_template_vars(datasette, request):
    """The menu of readers whom nobody knows, found once: asking every plugin costs forty queries a page."""
    site = site_of(datasette)
    if site.version is None or request is None or request.actor is not None:
        return {}

    async def menu_links():
        if site.menu is None:
            hooks = pm.hook.menu_links(datasette=datasette, actor=None, request=request)
            found = [await await_me_maybe(hook) for hook in hooks]
            site.menu = [link for links in found for link in links or []]
        return site.menu

    return {"menu_links": menu_links}


@hookimpl
def prepare_jinja2_environment(env, datasette):
    """What makes the stock pages obey the policy, and `asset`: the address of a file that may be kept forever."""

    def asset(name):
        version = site_of(datasette).version
        return datasette.urls.path(f"/static/{name}") + (f"?{version}" if version else "")

    env.globals["asset"] = asset
    env.globals["csp_nonce"] = csp_nonce
    env.add_extension(NonceExtension)
    env.filters["without_style_attributes"] = without_style_attributes
