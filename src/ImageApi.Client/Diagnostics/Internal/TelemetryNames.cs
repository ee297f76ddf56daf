namespace ImageApi.Client.Diagnostics.Internal;

/// <summary>
/// Every name that traces, metrics and log scopes use. Those with <c>gen_ai</c> are of OpenTelemetry's conventions for generative AI, as
/// Microsoft.Extensions.AI follows them; <c>server</c>, <c>error</c>, <c>http</c> and <c>network</c> are of its general ones; <c>imageapi</c> is this library's own.
/// </summary>
internal static class TelemetryNames
{
    /// <summary>The name of the activity source and of the meter.</summary>
    public const string Source = "ImageApi.Client";

    // values of gen_ai.operation.name, with which the names of spans begin
    public const string GenerateContent = "generate_content";
    public const string Submit = "submit";
    public const string Wait = "wait";

    // attributes
    public const string OperationName = "gen_ai.operation.name";
    public const string OutputType = "gen_ai.output.type";
    public const string ProviderName = "gen_ai.provider.name";
    public const string RequestModel = "gen_ai.request.model";
    public const string ChoiceCount = "gen_ai.request.choice.count";
    public const string InputMessages = "gen_ai.input.messages";
    public const string InputTokens = "gen_ai.usage.input_tokens";
    public const string OutputTokens = "gen_ai.usage.output_tokens";
    public const string TokenType = "gen_ai.token.type";
    public const string ServerAddress = "server.address";
    public const string ServerPort = "server.port";
    public const string ErrorType = "error.type";
    public const string StatusCode = "http.response.status_code";
    public const string Direction = "network.io.direction";
    public const string Call = "imageapi.call";
    public const string Attempt = "imageapi.attempt";
    public const string JobId = "imageapi.job.id";
    public const string JobState = "imageapi.job.state";
    public const string JobProgress = "imageapi.job.progress";
    public const string Outcome = "imageapi.outcome";
    public const string RequestId = "imageapi.request.id";
    public const string RetryReason = "imageapi.retry.reason";
    public const string RetryDelay = "imageapi.retry.delay";

    // values of attributes
    public const string Image = "image";
    public const string Input = "input";
    public const string Output = "output";
    public const string Transmit = "transmit";
    public const string Receive = "receive";

    // events of spans
    public const string RetryEvent = "imageapi.retry";
    public const string JobStateEvent = "imageapi.job.state_changed";

    // instruments
    public const string OperationDuration = "gen_ai.client.operation.duration";
    public const string TokenUsage = "gen_ai.client.token.usage";
    public const string ActiveJobs = "imageapi.client.jobs.active";
    public const string JobPolls = "imageapi.client.job.polls";
    public const string JobWaitDuration = "imageapi.client.job.wait.duration";
    public const string Retries = "imageapi.client.retries";
    public const string TransferredBytes = "imageapi.client.io";

    // log scopes
    public const string ScopeCall = "Call";
    public const string ScopeJobId = "JobId";
    public const string ScopeRequestId = "RequestId";
}
