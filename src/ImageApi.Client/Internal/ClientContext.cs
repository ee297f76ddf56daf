using ImageApi.Client.Http.Retries;
using Microsoft.Extensions.Logging;

namespace ImageApi.Client.Internal;

/// <summary>What a client stands on, whatever becomes of its settings.</summary>
internal sealed record ClientContext(Func<HttpClient> Http, ILogger Logger, TimeProvider Time, Func<double> Random, bool HasSingleSendHandler)
{
    /// <summary>Gets the budget of retries, which a change of settings does not fill up again.</summary>
    public RetryBudget Budget { get; } = new();
}
