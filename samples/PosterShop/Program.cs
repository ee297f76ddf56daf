using ImageApi.Client;
using PosterShop;

// A web application that sells posters: it orders them as jobs, and knows at any time what it has bought.
var builder = WebApplication.CreateBuilder(args);
builder.Services.AddImageApiClient(builder.Configuration.GetSection("ImageApi"));
builder.Services.AddSingleton<OrderBook>();
var app = builder.Build();

app.MapPost("/posters", static async (PosterOrder order, ImageApiClient client, OrderBook orders, CancellationToken cancellationToken) =>
{
    try
    {
        var job = await client.Jobs.RunAsync(
            new JobRequest { Input = new ImageJobInput { Prompt = order.Motif } },
            new JobRunOptions { OnSubmitted = (accepted, _) => orders.SaveJobAsync(order.Motif, accepted.Id) },
            cancellationToken);
        return Results.Stream(await client.Media.OpenReadAsync(job.Output.Images[0], cancellationToken: cancellationToken), "image/png");
    }
    catch (ImageApiException e) when (e.Outcome is RequestOutcome.NotSent or RequestOutcome.Rejected)
    {
        return Results.Problem("You have not been charged. Please try again later.", statusCode: StatusCodes.Status503ServiceUnavailable);
    }
    catch (ImageApiException e)
    {
        // it may have been bought: nobody orders it a second time before somebody has looked
        orders.MarkForReview(order.Motif, e.JobId ?? e.RequestId ?? e.Info.IdempotencyKey);
        return Results.Problem("Your order is being reviewed.", statusCode: StatusCodes.Status502BadGateway);
    }
});

await app.RunAsync();
