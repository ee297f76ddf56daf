using ImageApi.Client.Jobs.Internal;

namespace ImageApi.Client.Tests.Jobs;

public sealed class JobMediaPositionsTests
{
    private static readonly GeneratedMedia[] Renewed = [Image("https://e.x/b.png?sig=2"), Image("https://e.x/a.png?sig=2")];

    [Fact]
    public void Media_of_a_job_are_found_by_position()
    {
        var job = ResponseParsing.ParseJob("""{"id":"job_1","status":"succeeded","output":{"images":[{"url":"https://e.x/a.png?sig=1"},{"url":"https://e.x/c.png"}]}}""");

        Assert.Same(Renewed[1], JobMediaPositions.Find(job.Output.Images[1], Renewed));
        Assert.Null(JobMediaPositions.Find(job.Output.Images[1], [Renewed[0]]));
    }

    [Fact]
    public void Copied_media_are_found_by_their_url_without_the_query() => Assert.Same(Renewed[1], JobMediaPositions.Find(Image("https://e.x/a.png?sig=1"), Renewed));

    [Fact]
    public void Unidentified_media_are_not_replaced_by_another_image()
    {
        Assert.Null(JobMediaPositions.Find(Image("https://e.x/unknown.png"), Renewed));
        Assert.Null(JobMediaPositions.Find(Image("https://e.x/a.png"), [Renewed[1], Renewed[1] with { MimeType = "image/png" }]));
        Assert.Null(JobMediaPositions.Find(new GeneratedMedia(), Renewed));
    }

    [Fact]
    public void Only_image_of_a_job_is_found_without_a_position() => Assert.Same(Renewed[0], JobMediaPositions.Find(Image("https://e.x/old.png"), [Renewed[0]]));

    private static GeneratedMedia Image(string url) => new() { Url = url };
}
