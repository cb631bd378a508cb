// Preact and Solid: the same JSX, each by its own tsconfig.json.
import 'portero/define';

export const Page = () => (
  <>
    <github-sign-in proxy="https://auth.example.com" return-to="/second" onChange={(event) => console.log(event.currentTarget.state)}>
      <a href="/help">help</a>
    </github-sign-in>
    {/* @ts-expect-error there are two modes */}
    <github-sign-in mode="window" />
  </>
);
