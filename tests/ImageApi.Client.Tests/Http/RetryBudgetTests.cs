using ImageApi.Client.Http.Retries;

namespace ImageApi.Client.Tests.Http;

public sealed class RetryBudgetTests
{
    /// <summary>One letter an event: r a retry, i an invited one, s a first success, R and I a success after such a retry.</summary>
    [Theory]
    [InlineData("", 500)]
    [InlineData("r", 486)]
    [InlineData("i", 495)]
    [InlineData("rR", 500)]
    [InlineData("iI", 500)]
    [InlineData("rs", 487)]
    [InlineData("rr", 472)]
    [InlineData("rrR", 486)]
    [InlineData("s", 500)]
    [InlineData("riss", 483)]
    public void Retries_and_successes_change_the_token_count(string events, int tokens)
    {
        var budget = new RetryBudget();
        foreach (var letter in events)
        {
            Apply(budget, letter);
        }

        Assert.Equal(tokens, budget.Tokens);
    }

    [Theory]
    [InlineData(RetryBudget.RetryCost, 35)]
    [InlineData(RetryBudget.InvitedRetryCost, 100)]
    public void Retry_budget_is_exhausted_during_an_outage(int cost, int retries)
    {
        var budget = new RetryBudget();

        Assert.Equal(retries, Enumerable.Range(0, 1000).Count(_ => budget.TryTake(cost)));
        Assert.InRange(budget.Tokens, 0, cost - 1);
    }

    [Fact]
    public void Successes_refill_the_retry_budget()
    {
        var budget = new RetryBudget();
        while (budget.TryTake(RetryBudget.RetryCost))
        {
        }

        Assert.False(budget.TryTake(RetryBudget.RetryCost));
        for (var i = 0; i < RetryBudget.RetryCost; i++)
        {
            budget.Succeeded(0);
        }

        Assert.True(budget.TryTake(RetryBudget.RetryCost));
    }

    [Fact]
    public void Retry_budget_stays_at_capacity_under_concurrent_use()
    {
        var budget = new RetryBudget();

        Parallel.For(0, 10_000, i =>
        {
            if (budget.TryTake(RetryBudget.InvitedRetryCost))
            {
                budget.Succeeded(RetryBudget.InvitedRetryCost);
            }
        });

        Assert.Equal(RetryBudget.Capacity, budget.Tokens);
    }

    private static void Apply(RetryBudget budget, char letter)
    {
        switch (letter)
        {
            case 'r':
                Assert.True(budget.TryTake(RetryBudget.RetryCost));
                break;
            case 'i':
                Assert.True(budget.TryTake(RetryBudget.InvitedRetryCost));
                break;
            default:
                budget.Succeeded(letter switch { 'R' => RetryBudget.RetryCost, 'I' => RetryBudget.InvitedRetryCost, _ => 0 });
                break;
        }
    }
}
