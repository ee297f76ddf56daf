using ImageApi.Client.Http;
using Microsoft.Extensions.Logging;

namespace ImageApi.Client;

/// <summary>What a client stands on, whatever becomes of its settings.</summary>
internal sealed record ClientGround(Func<HttpClient> Http, ILogger Logger, TimeProvider Time, Func<double> Random, bool HasSendGuard)
{
    /// <summary>Gets the budget of retries, which a change of settings does not fill up again.</summary>
    public RetryBudget Budget { get; } = new();
}
