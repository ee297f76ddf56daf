namespace ImageApi.Client.Http.Retries;

/// <summary>
/// One bucket of tokens for a whole client, so that a thousand calls in an outage do not become three thousand requests.
/// A retry takes tokens out, a success puts one back.
/// </summary>
internal sealed class RetryBudget
{
    public const int Capacity = 500;
    public const int RetryCost = 14;

    /// <summary>A server that says how to go on is not in trouble as one that breaks connections is.</summary>
    public const int InvitedRetryCost = 5;

    private int _tokens = Capacity;

    public int Tokens => Volatile.Read(ref _tokens);

    public bool TryTake(int cost)
    {
        while (true)
        {
            var tokens = Volatile.Read(ref _tokens);
            if (tokens < cost)
            {
                return false;
            }

            if (Interlocked.CompareExchange(ref _tokens, tokens - cost, tokens) == tokens)
            {
                return true;
            }
        }
    }

    /// <summary>Puts back what the last retry took, or one token when there was none.</summary>
    /// <param name="lastCost">The cost of the retry that led to the success; 0 without one.</param>
    public void Succeeded(int lastCost)
    {
        var gain = Math.Max(1, lastCost);
        while (true)
        {
            var tokens = Volatile.Read(ref _tokens);
            var next = Math.Min(Capacity, tokens + gain);
            if (next == tokens || Interlocked.CompareExchange(ref _tokens, next, tokens) == tokens)
            {
                return;
            }
        }
    }
}
