using Microsoft.Extensions.Http;
using Microsoft.Extensions.Options;

namespace ImageApi.Client.DependencyInjection.Internal;

/// <summary>
/// Takes out the resilience handlers that a host adds to all its clients. They would give a paid call 10 seconds and send
/// it again. It runs after every configuration, so the order of registrations does not matter.
/// </summary>
internal sealed class RemoveInheritedResilienceHandlers(string clientName, Func<ImageApiClientOptions> options) : IPostConfigureOptions<HttpClientFactoryOptions>
{
    private const string ResilienceNamespace = "Microsoft.Extensions.Http.Resilience";

    public void PostConfigure(string? name, HttpClientFactoryOptions factoryOptions)
    {
        if (name != clientName || options().KeepHostResilienceHandlers)
        {
            return;
        }

        factoryOptions.HttpMessageHandlerBuilderActions.Add(static builder =>
        {
            for (var i = builder.AdditionalHandlers.Count - 1; i >= 0; i--)
            {
                if (builder.AdditionalHandlers[i].GetType().Namespace?.StartsWith(ResilienceNamespace, StringComparison.Ordinal) == true)
                {
                    builder.AdditionalHandlers.RemoveAt(i);
                }
            }
        });
    }
}
