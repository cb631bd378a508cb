import {CUSTOM_ELEMENTS_SCHEMA, Component} from '@angular/core';
import 'portero/define';
import type {GitHubSignInElement} from 'portero';

@Component({
  selector: 'app-page',
  schemas: [CUSTOM_ELEMENTS_SCHEMA],
  template: `<github-sign-in [proxy]="proxy" return-to="/second" (change)="greet($event)"></github-sign-in>`,
})
export class Page {
  proxy = 'https://auth.example.com';

  greet(event: Event) {
    console.log((event.target as GitHubSignInElement).user?.login);
  }
}
