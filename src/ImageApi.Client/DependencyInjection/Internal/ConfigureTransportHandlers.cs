using ImageApi.Client.Http.Handlers;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Options;

namespace ImageApi.Client.DependencyInjection.Internal;

/// <summary>
/// Puts the guard of the sending within all other handlers, and the mask of the key around the one that sends, within the loggers.
/// It runs after every configuration, so the order of registrations does not matter.
/// </summary>
internal sealed class ConfigureTransportHandlers(string clientName) : IPostConfigureOptions<HttpClientFactoryOptions>
{
    public void PostConfigure(string? name, HttpClientFactoryOptions options)
    {
        if (name == clientName)
        {
            options.HttpMessageHandlerBuilderActions.Add(static builder =>
            {
                builder.AdditionalHandlers.Add(new SingleSendHandler());
                builder.PrimaryHandler = new SecretRedactionHandler(builder.PrimaryHandler);
            });
        }
    }
}
