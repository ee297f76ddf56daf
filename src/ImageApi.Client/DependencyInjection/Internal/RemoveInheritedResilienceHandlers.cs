using Microsoft.Extensions.Http;
using Microsoft.Extensions.Options;

namespace ImageApi.Client.DependencyInjection.Internal;

/// <summary>
/// Removes the resilience handlers that a host adds to all its clients. They would give a paid call 10 seconds and send it again.
/// It runs after every configuration, so the order of registrations does not matter. A handler that was added to this client alone stays.
/// </summary>
internal sealed class RemoveInheritedResilienceHandlers(
    string clientName, Func<ImageApiClientOptions> options, Func<IEnumerable<IConfigureOptions<HttpClientFactoryOptions>>> configurations)
    : IPostConfigureOptions<HttpClientFactoryOptions>
{
    private const string ResilienceNamespace = "Microsoft.Extensions.Http.Resilience";

    /// <summary>The name of no client: what is configured for it is configured for all.</summary>
    private const string OtherClientName = "ImageApi.Client#other";

    public void PostConfigure(string? name, HttpClientFactoryOptions factoryOptions)
    {
        if (name != clientName || options().KeepHostResilienceHandlers)
        {
            return;
        }

        var own = FindOwnActions();
        var actions = factoryOptions.HttpMessageHandlerBuilderActions;
        for (var i = 0; i < actions.Count; i++)
        {
            if (!own.Contains(actions[i]))
            {
                actions[i] = WithoutResilienceHandlers(actions[i]);
            }
        }
    }

    /// <summary>Runs every configuration again, for this client and for another: only what leaves the other alone was meant for this one.</summary>
    private HashSet<Action<HttpMessageHandlerBuilder>> FindOwnActions()
    {
        var own = new HashSet<Action<HttpMessageHandlerBuilder>>();
        foreach (var configuration in configurations().OfType<IConfigureNamedOptions<HttpClientFactoryOptions>>())
        {
            if (ActionsFor(OtherClientName, configuration).Count == 0)
            {
                own.UnionWith(ActionsFor(clientName, configuration));
            }
        }

        return own;
    }

    private static IList<Action<HttpMessageHandlerBuilder>> ActionsFor(string name, IConfigureNamedOptions<HttpClientFactoryOptions> configuration)
    {
        var probe = new HttpClientFactoryOptions();
        configuration.Configure(name, probe);
        return probe.HttpMessageHandlerBuilderActions;
    }

    private static Action<HttpMessageHandlerBuilder> WithoutResilienceHandlers(Action<HttpMessageHandlerBuilder> action) => builder =>
    {
        var before = builder.AdditionalHandlers.ToList();
        action(builder);
        for (var i = builder.AdditionalHandlers.Count - 1; i >= 0; i--)
        {
            var handler = builder.AdditionalHandlers[i];
            if (!before.Contains(handler) && handler.GetType().Namespace?.StartsWith(ResilienceNamespace, StringComparison.Ordinal) == true)
            {
                builder.AdditionalHandlers.RemoveAt(i);
            }
        }
    };
}
